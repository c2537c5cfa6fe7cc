// Output bytes as text for JSON answers. Pure.
#pragma once

#include <string>
#include <string_view>

namespace runbook::store {

// Well-formed UTF-8: what is not becomes U+FFFD (WHATWG's rule: one for each maximal broken part). With
// `cut_front` the rest of a character whose beginning was cut off is left out.
std::string output_text(std::string_view bytes, bool cut_front);

// What a terminal would show of a line: without escape sequences (ECMA-48: CSI, OSC and the other strings,
// two characters), and of several overwrites the last. A line without them comes back as it is, in `kept`'s
// place.
std::string_view shown_line(std::string_view line, std::string& kept);

}  // namespace runbook::store
