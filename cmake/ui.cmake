# runbook_ui_library: a library that holds ui/dist. What is new, changed or gone there the next build sees.
function(runbook_ui_library name)
  set(dist ${CMAKE_SOURCE_DIR}/ui/dist)
  set(fallback ${CMAKE_SOURCE_DIR}/controller/http/ui_not_built.html)
  file(GLOB_RECURSE files LIST_DIRECTORIES false CONFIGURE_DEPENDS ${dist}/*)
  if(NOT EXISTS ${dist}/index.html)
    set(files "")
  endif()
  set(assembler ${CMAKE_CURRENT_BINARY_DIR}/ui_assets.S)
  set(table ${CMAKE_CURRENT_BINARY_DIR}/ui_assets_table.inc)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_ui.cmake)
  add_custom_command(
    OUTPUT ${assembler} ${table}
    COMMAND ${CMAKE_COMMAND} -DDIST=${dist} -DFALLBACK=${fallback} -DASSEMBLER=${assembler} -DTABLE=${table}
            -P ${script}
    DEPENDS ${files} ${fallback} ${script}
    COMMENT "Embedding the user interface"
    VERBATIM)
  add_library(${name} STATIC ui_assets.cpp ${assembler} ${table})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${name} PRIVATE runbook_warnings)
endfunction()
