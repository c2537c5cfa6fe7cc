# Run with cmake -P at build time. Writes an assembler file that includes every file of DIST byte by byte,
# and a table of them for ui_assets.cpp. FILE.br and FILE.gz are variants of FILE.

# Pairs of ending and type; text types get their charset below (a semicolon would end a list element here).
set(types
  css text/css  html text/html  ico image/x-icon  js text/javascript  json application/json  png image/png
  svg image/svg+xml  txt text/plain  webmanifest application/manifest+json  webp image/webp  woff2 font/woff2)

set(symbols 0)
set(assembly "    .section .rodata.runbook_ui, \"a\", @progbits\n")
set(declarations "")
set(rows "")

# embed(variable file): adds the file's bytes, sets `variable` to its AssetBody initializer; {} without file.
function(embed variable file)
  if(NOT EXISTS "${file}")
    set(${variable} "{}" PARENT_SCOPE)
    return()
  endif()
  file(SIZE "${file}" size)
  file(SHA256 "${file}" digest)
  string(SUBSTRING ${digest} 0 32 digest)
  set(symbol runbook_ui_${symbols})
  math(EXPR symbols "${symbols} + 1")
  # The digest makes the text differ when the bytes do, so that the object is assembled again.
  string(APPEND assembly "\n    // ${digest}\n    .balign 16\n    .global ${symbol}\n    .hidden ${symbol}\n"
    "${symbol}:\n    .incbin \"${file}\"\n")
  string(APPEND declarations "extern \"C\" const char ${symbol}[];\n")
  set(${variable} "{{${symbol}, ${size}}, R\"(\"${digest}\")\"}" PARENT_SCOPE)
  set(symbols ${symbols} PARENT_SCOPE)
  set(assembly "${assembly}" PARENT_SCOPE)
  set(declarations "${declarations}" PARENT_SCOPE)
endfunction()

function(content_type variable path)
  string(REGEX MATCH "[^.]*$" extension "${path}")
  list(FIND types "${extension}" index)
  set(type application/octet-stream)
  if(NOT index EQUAL -1)
    math(EXPR index "${index} + 1")
    list(GET types ${index} type)
  endif()
  if(type MATCHES "^text/")
    string(APPEND type "; charset=utf-8")
  endif()
  set(${variable} "${type}" PARENT_SCOPE)
endfunction()

function(add_asset path file)
  embed(identity "${file}")
  embed(brotli "${file}.br")
  embed(gzip "${file}.gz")
  content_type(type "${path}")
  set(immutable false)
  if(path MATCHES "^assets/")  # Vite puts a hash of the content into these names
    set(immutable true)
  endif()
  string(APPEND rows "    Asset{\"${path}\", \"${type}\",\n          ${identity},\n          ${brotli},\n"
    "          ${gzip},\n          ${immutable}},\n")
  foreach(name symbols assembly declarations rows)
    set(${name} "${${name}}" PARENT_SCOPE)
  endforeach()
endfunction()

set(paths "")
if(EXISTS ${DIST}/index.html)
  file(GLOB_RECURSE paths LIST_DIRECTORIES false RELATIVE ${DIST} ${DIST}/*)
  list(FILTER paths EXCLUDE REGEX "(^|/)[.]|[.](br|gz|map)$")
  list(SORT paths COMPARE STRING)
  foreach(path IN LISTS paths)
    add_asset("${path}" "${DIST}/${path}")
  endforeach()
else()
  set(paths index.html)
  add_asset(index.html "${FALLBACK}")
endif()
list(LENGTH paths count)

file(WRITE ${ASSEMBLER} "${assembly}\n    .section .note.GNU-stack, \"\", @progbits\n")
file(WRITE ${TABLE} "${declarations}
namespace runbook::http {
namespace {
constexpr std::array<Asset, ${count}> kUiAssets{{
${rows}}};
}  // namespace
}  // namespace runbook::http
")
