# runbook_test_program and runbook_test: GoogleTest programs. They have a precompiled header of their own,
# with GoogleTest in it and not optimized: half the time to compile, and the code under test is the product's.
add_library(runbook_test_base INTERFACE)
target_link_libraries(runbook_test_base INTERFACE runbook_base GTest::gtest GTest::gmock runbook_warnings)
target_compile_options(runbook_test_base INTERFACE $<$<CONFIG:Release>:-O0 -U_FORTIFY_SOURCE>)

add_library(runbook_test_pch STATIC ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
target_link_libraries(runbook_test_pch PRIVATE runbook_test_base)
if(RUNBOOK_PRECOMPILE)
  target_precompile_headers(runbook_test_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled_test.hpp)
endif()

# What every target with test code needs, libraries of test support included.
function(runbook_test_target name)
  target_link_libraries(${name} PRIVATE runbook_test_base)
  if(RUNBOOK_PRECOMPILE)
    target_precompile_headers(${name} REUSE_FROM runbook_test_pch)
  endif()
endfunction()

function(runbook_test_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  runbook_test_target(${name})
  target_link_libraries(${name} PRIVATE ${arg_USES} GTest::gtest_main)
endfunction()

# Every test is its own ctest entry, so that they run in parallel.
function(runbook_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;LABELS" ${ARGN})
  runbook_test_program(${name} SOURCES ${arg_SOURCES} USES ${arg_USES})
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${arg_LABELS}")
endfunction()
