# SPDX-License-Identifier: Apache-2.0
#
# estimators.inc: one row a file under src/estimators/, so that a new family is a new file and nothing
# else.  src/estimators/NAME.c defines "const struct brn_family brn_family_NAME".
set(rows "")
file(GLOB families CONFIGURE_DEPENDS src/estimators/*.c src/estimators/boosters/*.c src/estimators/pmml/*.c)
foreach(file IN LISTS families)
    get_filename_component(name ${file} NAME_WE)
    if(NOT name STREQUAL "registry" AND NOT name MATCHES "^shared_")
        string(APPEND rows "X(${name})\n")
    endif()
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/estimators.inc CONTENT "${rows}" @ONLY)

# proved.inc: what the goldens of all families prove, each fact once.  tools/oracle/archive.py lays the
# rows out so that sorted as text they are sorted by class and release: they are looked up by halves.
file(GLOB proofs CONFIGURE_DEPENDS src/estimators/proved/*.inc)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${proofs})
set(rows "")
foreach(file IN LISTS proofs)
    file(STRINGS ${file} more REGEX "^X")
    list(APPEND rows ${more})
endforeach()
list(SORT rows)
list(REMOVE_DUPLICATES rows)
list(JOIN rows "\n" rows)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/proved.inc CONTENT "${rows}\n" @ONLY)
