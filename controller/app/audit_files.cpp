#include "controller/app/audit_files.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>

#include "controller/app/authority_files.hpp"
#include "controller/auth/secret.hpp"
#include "controller/store/audit_chain.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeyFile = "private/audit.key";
constexpr const char* kCheckpointFile = "audit-checkpoints.jsonl";

// The key of 64 hex digits, with or without a newline after them.
std::optional<std::string> key_of(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (text.size() != 2 * store::kAuditKeyBytes) return std::nullopt;
  std::string key;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    unsigned char byte = 0;
    const auto* end = text.data() + at + 2;
    const auto [stopped, error] = std::from_chars(text.data() + at, end, byte, 16);
    if (error != std::errc{} || stopped != end) return std::nullopt;
    key.push_back(static_cast<char>(byte));
  }
  return key;
}

}  // namespace

AuditFiles keep_audit_files(const DataFolder& folder) {
  auto text = folder.read(kKeyFile);
  if (!text) {
    text = auth::hex(runtime::random_bytes(store::kAuditKeyBytes)) + "\n";
    folder.write_secret(kKeyFile, *text);
  }
  auto key = key_of(*text);
  if (!key) {
    throw DataFolderError(fmt::format("{} is no audit key (64 hex digits): bring back the right one.",
                                      folder.in(kKeyFile).string()));
  }
  return {std::move(*key), folder.in(kCheckpointFile)};
}

AuditFiles audit_files_from(const Settings& settings) {
  if (settings.audit_key_file.empty() || settings.audit_checkpoint_file.empty()) {
    throw SettingsError(
        "The audit trail's files are missing: set audit_key_file to a file with 64 hex digits, such as "
        "`openssl rand -hex 32` makes, and audit_checkpoint_file to the file its checkpoints go to.");
  }
  auto key = key_of(read_setting_file("audit_key_file", settings.audit_key_file));
  if (!key) {
    throw SettingsError(fmt::format("audit_key_file {} is no audit key: it must hold 64 hex digits.",
                                    settings.audit_key_file));
  }
  return {std::move(*key), settings.audit_checkpoint_file};
}

AuditFiles audit_files_of(const Settings& settings, const fs::path& data_folder) {
  if (!settings.audit_key_file.empty()) return audit_files_from(settings);
  auto own = settings;
  own.audit_key_file = data_folder / kKeyFile;
  own.audit_checkpoint_file = data_folder / kCheckpointFile;
  return audit_files_from(own);
}

}  // namespace runbook::app
