# Writes a C++ file with the text of some files as constants:
#   cmake -DOUTPUT= -DNAME= -DFILES= (separated by |) -P embed.cmake
string(REPLACE "|" ";" FILES "${FILES}")
set(entries "")
foreach(file IN LISTS FILES)
  get_filename_component(stem "${file}" NAME_WE)
  file(READ "${file}" text)
  string(APPEND entries "    {\"${stem}\", R\"~text~(${text})~text~\"},\n")
endforeach()
file(WRITE "${OUTPUT}.new" "// Generated from the source tree by db/embed.cmake.
#include \"db/embedded.hpp\"

namespace runbook::db {
namespace {
constexpr EmbeddedFile kFiles[] = {
${entries}};
}  // namespace

std::span<const EmbeddedFile> ${NAME}() { return kFiles; }

}  // namespace runbook::db
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
