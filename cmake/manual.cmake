# SPDX-License-Identifier: Apache-2.0
#
# The man page and the shell completions, printed by the program itself from its command table.
if(CMAKE_CROSSCOMPILING)
    return() # the program cannot run here
endif()
set(manuals "")
foreach(pair IN ITEMS man:brine.1 bash:brine.bash zsh:_brine)
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 form)
    list(GET pair 1 name)
    add_custom_command(OUTPUT manual/${name}
        COMMAND ${CMAKE_COMMAND} -E make_directory manual
        COMMAND brine_cli help --${form} > manual/${name}
        DEPENDS brine_cli VERBATIM)
    list(APPEND manuals ${CMAKE_BINARY_DIR}/manual/${name})
endforeach()
if(NOT BRINE_SANITIZE AND NOT BRINE_FUZZ AND NOT BRINE_COVERAGE)
    add_custom_target(manual ALL DEPENDS ${manuals})
    install(FILES ${CMAKE_BINARY_DIR}/manual/brine.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${CMAKE_BINARY_DIR}/manual/brine.bash RENAME brine
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    install(FILES ${CMAKE_BINARY_DIR}/manual/_brine
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()
