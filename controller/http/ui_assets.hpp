// The built user interface, embedded in the program: every file of ui/dist with its compressed variants.
// Where ui/dist did not exist at build time there is one page that says so. Constant data: any thread.
#pragma once

#include <string_view>

namespace runbook::http {

struct AssetBody {
  std::string_view content;  // empty: this encoding is not there
  std::string_view etag;     // quoted; of this encoding
};

struct Asset {
  std::string_view path;          // below ui/dist, no leading slash: "index.html", "assets/app-1a2b.js"
  std::string_view content_type;  // with charset where it is text
  AssetBody identity;
  AssetBody brotli;  // Content-Encoding: br
  AssetBody gzip;
  bool immutable;  // its name holds a hash of its content: may be cached for ever
};

// The file at exactly this path, else null. Paths of pages (no dot in the last part) are index.html's: see
// ui_page().
const Asset* find_ui_asset(std::string_view path);

// index.html, which every route of the user interface starts from.
const Asset& ui_page();

// A short word that is another one for another build of the user interface.
std::string_view ui_version();

}  // namespace runbook::http
