#include "controller/app/dispatch_key_file.hpp"

#include <fmt/format.h>

#include "controller/app/authority_files.hpp"

namespace runbook::app {
namespace {

constexpr const char* kFile = "private/dispatch.key";

}  // namespace

DispatchKey keep_dispatch_key(const DataFolder& folder) {
  const auto text = folder.read(kFile);
  if (!text) {
    auto key = DispatchKey::create();
    folder.write_secret(kFile, key.pem());
    return key;
  }
  try {
    return DispatchKey::load(*text);
  } catch (const std::runtime_error&) {
    throw DataFolderError(fmt::format(
        "{} is not the key that signs commands: bring back the right one, or delete it and enrol all agents "
        "again.",
        folder.in(kFile).string()));
  }
}

DispatchKey dispatch_key_from(const Settings& settings) {
  if (settings.dispatch_key_file.empty()) {
    throw SettingsError(
        "The key that signs commands is missing: set dispatch_key_file to a PEM file such as `openssl "
        "genpkey -algorithm ed25519` makes, the same for every controller.");
  }
  const auto text = read_setting_file("dispatch_key_file", settings.dispatch_key_file);
  try {
    return DispatchKey::load(text);
  } catch (const std::runtime_error&) {
    throw SettingsError(
        fmt::format("dispatch_key_file {} is not a private Ed25519 key as PEM.", settings.dispatch_key_file));
  }
}

}  // namespace runbook::app
