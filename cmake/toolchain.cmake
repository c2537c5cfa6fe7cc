# Compiler, warnings, sanitizers, linker and cache: everything that decides how a file is compiled.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# One flag for libraries and programs alike: CMake's own switch gives programs -fPIE, and then they cannot
# reuse the libraries' precompiled header.
add_compile_options(-fPIC)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# GCC 12 and 13 miscompile common coroutine shapes (docs/adr/0001).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines: use clang 19 "
                      "(CXX=clang++-19) or GCC 14 and newer.")
endif()

find_program(CCACHE_PROGRAM ccache)
option(RUNBOOK_CCACHE "Compile through ccache when it is installed" ON)
if(CCACHE_PROGRAM AND RUNBOOK_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CCACHE_PROGRAM})
endif()

foreach(linker ld.lld-19 ld.lld ld.mold)
  find_program(RUNBOOK_LINKER_${linker} ${linker})
  if(RUNBOOK_LINKER_${linker})
    if(linker STREQUAL "ld.mold")
      add_link_options(-fuse-ld=mold)
    elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      add_link_options(-fuse-ld=lld)
    else()
      continue()
    endif()
    break()
  endif()
endforeach()

if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

set(RUNBOOK_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")
if(RUNBOOK_SANITIZE)
  add_compile_options(-fsanitize=${RUNBOOK_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RUNBOOK_SANITIZE})
else()
  add_compile_options(-fstack-protector-strong -D_GLIBCXX_ASSERTIONS)
  add_compile_options($<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
# libFuzzer (clang): everything is instrumented, tests/fuzz makes one program of it.
option(RUNBOOK_FUZZ "Build for ./dev fuzz" OFF)
if(RUNBOOK_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
add_compile_options(-ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

add_library(runbook_warnings INTERFACE)
target_compile_options(runbook_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
