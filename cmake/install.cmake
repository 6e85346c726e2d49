# SPDX-License-Identifier: Apache-2.0
#
# What "make install" puts where, how find_package(brine) and pkg-config find it, and CPack's packages
# (cpack -G DEB or -G TGZ in the build folder).
include(CMakePackageConfigHelpers)

install(TARGETS brine_static brine_shared EXPORT brineTargets)
install(FILES include/brine.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/brine)
install(EXPORT brineTargets NAMESPACE brine:: DESTINATION ${package_folder})
configure_package_config_file(cmake/brineConfig.cmake.in brineConfig.cmake
    INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(brineConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/brineConfig.cmake ${CMAKE_BINARY_DIR}/brineConfigVersion.cmake
    DESTINATION ${package_folder})

string(REPLACE ";" " " BRINE_LIBRARY_MODULES_TEXT "${BRINE_LIBRARY_MODULES}")
file(RELATIVE_PATH BRINE_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/brine.pc.in brine.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/brine.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(CPACK_PACKAGE_NAME brine)
set(CPACK_PACKAGE_CONTACT "brine developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Takes pickled scikit-learn models to production without Python")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_STRIP_FILES ON)
include(CPack)
