# SPDX-License-Identifier: Apache-2.0
#
# Every library that brine uses, each found by pkg-config.  README.md says why each was chosen;
# tools/deps names the packages that hold them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# Of libbrine: codecs, digests, token patterns.
set(BRINE_LIBRARY_MODULES zlib liblzma liblz4 libzstd nettle libpcre2-8)
pkg_check_modules(LIBRARY_DEPENDENCIES REQUIRED IMPORTED_TARGET ${BRINE_LIBRARY_MODULES})
find_package(BZip2 REQUIRED)
add_library(brine_library_dependencies INTERFACE)
target_link_libraries(brine_library_dependencies INTERFACE
    PkgConfig::LIBRARY_DEPENDENCIES BZip2::BZip2 Threads::Threads m)

# Of the program: contracts (PCRE2 too), the server.
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
add_library(brine_program_dependencies INTERFACE)
target_link_libraries(brine_program_dependencies INTERFACE PkgConfig::YAML)
if(BRINE_SERVE)
    pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)
    target_link_libraries(brine_program_dependencies INTERFACE PkgConfig::MICROHTTPD)
    target_compile_definitions(brine_program_dependencies INTERFACE BRINE_HAS_SERVE)
endif()
