#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <map>
#include <string_view>

#include "db/private_cluster.hpp"

namespace runbook::db {
namespace {

namespace fs = std::filesystem;

constexpr int kOldest = 13;
constexpr std::string_view kDebianFolder = "/usr/lib/postgresql";

bool has_programs(const fs::path& folder) {
  return access((folder / "postgres").c_str(), X_OK) == 0 && access((folder / "initdb").c_str(), X_OK) == 0;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

// Debian keeps every major version in a folder of its own, outside PATH.
std::map<int, fs::path> debian_versions() {
  std::map<int, fs::path> versions;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{kDebianFolder, error}) {
    const auto version = number(entry.path().filename().string());
    const auto programs = entry.path() / "bin";
    if (version && *version >= kOldest && has_programs(programs)) versions.emplace(*version, programs);
  }
  return versions;
}

std::optional<fs::path> on_path() {
  const char* variable = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): read before threads start
  std::string_view rest = variable == nullptr ? std::string_view{} : std::string_view{variable};
  while (!rest.empty()) {
    const auto colon = rest.find(':');
    fs::path folder{rest.substr(0, colon)};
    if (folder.is_absolute() && has_programs(folder)) return folder;
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  return std::nullopt;
}

}  // namespace

fs::path postgres_programs(std::optional<int> version) {
  const auto versions = debian_versions();
  if (version) {
    const auto exact = versions.find(*version);
    if (exact != versions.end()) return exact->second;
  } else if (!versions.empty()) {
    return versions.rbegin()->second;
  }
  // Elsewhere the version is not in the path: a server of another version refuses the folder itself.
  if (const auto folder = on_path()) return *folder;
  if (version) {
    throw ClusterError(
        fmt::format("The data folder was made by PostgreSQL {0}, which is not installed: install it (apt "
                    "install postgresql-{0}) "
                    "or choose another --data-dir.",
                    *version));
  }
  throw ClusterError("PostgreSQL is not installed: install it (apt install postgresql) and start again.");
}

}  // namespace runbook::db
