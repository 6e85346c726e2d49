# SPDX-License-Identifier: Apache-2.0
#
# estimators.inc: one row a file under src/estimators/, so that a new family is a new file and nothing
# else.  src/estimators/NAME.c defines "const struct brn_family brn_family_NAME".
set(rows "")
file(GLOB families CONFIGURE_DEPENDS src/estimators/*.c src/estimators/boosters/*.c)
foreach(file IN LISTS families)
    get_filename_component(name ${file} NAME_WE)
    if(NOT name STREQUAL "registry" AND NOT name MATCHES "^shared_")
        string(APPEND rows "X(${name})\n")
    endif()
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/estimators.inc CONTENT "${rows}" @ONLY)
