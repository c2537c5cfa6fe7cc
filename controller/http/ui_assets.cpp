#include "controller/http/ui_assets.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

// Made by cmake/embed_ui.cmake: declares the embedded bytes and defines kUiAssets, sorted by path.
#include "ui_assets_table.inc"

namespace runbook::http {

static_assert(std::ranges::is_sorted(kUiAssets, {}, &Asset::path));

const Asset* find_ui_asset(std::string_view path) {
  const auto* found = std::ranges::lower_bound(kUiAssets, path, {}, &Asset::path);
  return found != kUiAssets.end() && found->path == path ? found : nullptr;
}

const Asset& ui_page() {
  const Asset* page = find_ui_asset("index.html");
  if (page == nullptr) {
    throw std::logic_error("the embedded user interface has no index.html");
  }
  return *page;
}

// The page names its scripts by their digests, so that its own digest covers them.
std::string_view ui_version() {
  constexpr std::size_t kDigits = 12;
  return ui_page().identity.etag.substr(1, kDigits);
}

}  // namespace runbook::http
