# runbook_library / runbook_program: one library target a folder; USES states all it may depend on.

add_library(runbook_base INTERFACE)
target_include_directories(runbook_base INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(runbook_base INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_REGEX BOOST_ALL_NO_LIB SPDLOG_FMT_EXTERNAL
  RUNBOOK_VERSION="${PROJECT_VERSION}")
target_link_libraries(runbook_base INTERFACE
  Boost::headers Boost::json Boost::url fmt::fmt spdlog::spdlog OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

# One precompiled header for the whole tree: Asio coroutines, JSON and logging are most of every file's cost.
# Off for clang-tidy (./dev lint), which wants compile commands that stand alone.
option(RUNBOOK_PRECOMPILE "Use a precompiled header" ON)
add_library(runbook_pch STATIC ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
target_link_libraries(runbook_pch PUBLIC runbook_base PRIVATE runbook_warnings)
if(RUNBOOK_PRECOMPILE)
  target_precompile_headers(runbook_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp)
endif()

function(runbook_precompiled name)
  if(RUNBOOK_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM runbook_pch)
  endif()
endfunction()

function(runbook_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC runbook_base ${arg_USES} PRIVATE runbook_warnings)
  runbook_precompiled(${name})
endfunction()

function(runbook_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE runbook_base ${arg_USES} runbook_warnings)
  runbook_precompiled(${name})
endfunction()
