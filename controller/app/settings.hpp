// Settings of runbook-controller: a YAML file, then the environment (RUNBOOK_…, and a .env file below it),
// then flags; the later wins. One table names every setting, so that all three know the same ones. Pure but
// for reading files.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/command_policy.hpp"

namespace runbook::app {

// A setting is wrong; the message is one sentence that names it and where it was given.
struct SettingsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Where a listener stands: an IP address and a port; 0 lets the kernel choose.
struct ListenAddress {
  std::string address = "127.0.0.1";
  unsigned short port = 0;

  bool is_loopback() const;
  std::string str() const;  // "127.0.0.1:8080", "[::1]:8080"
};

struct Settings {
  std::string database_url;
  std::string database_owner_url;  // the same database as its owner, for `migrate`; empty: database_url
  std::size_t database_connections = 8;
  ListenAddress listen{"127.0.0.1", 8080};
  ListenAddress agent_listen{"127.0.0.1", 8443};
  std::string public_url;       // how people and programs reach the controller; empty: from `listen`
  std::string tls_certificate;  // of the public listener, PEM file; empty: one of the fleet's authority
  std::string tls_key;
  std::string ca_certificate;  // the fleet's authority, PEM files
  std::string ca_key;
  std::string dispatch_key_file;      // private Ed25519 key that signs commands, PEM
  std::string audit_key_file;         // 64 hex digits; the key of the audit trail
  std::string audit_checkpoint_file;  // where its checkpoints are appended
  std::string log_format;  // "text" or "json"; empty: text on a terminal, else as the command decides
  std::string log_level = "info";
  std::string data_dir;          // dev only; empty: the default folder
  std::size_t local_agents = 2;  // dev only
  std::vector<std::string>
      allow_api_targets;                 // networks (CIDR) API blocks may reach although they are private
  domain::CommandPolicy command_policy;  // the guard-rail round commands
};

// One setting: "agent_listen" in YAML, RUNBOOK_AGENT_LISTEN in the environment, --agent-listen as a flag.
struct SettingName {
  std::string_view name;
  std::string_view help;
};
const std::vector<SettingName>& setting_names();

// Raw values by name ("agent_listen"), each source on its own.
using RawSettings = std::map<std::string, std::string, std::less<>>;
RawSettings settings_from_yaml(const std::string& text, const std::string& file_name);
RawSettings settings_from_environment(const std::map<std::string, std::string>& environment);

// Lowest first. `place` names the source in messages ("the file x.yaml", "the environment", "the command
// line").
struct SettingSource {
  std::string place;
  RawSettings values;
};
Settings resolve_settings(const std::vector<SettingSource>& sources);

// Throws SettingsError; "8080" alone, host names and trailing text are refused.
ListenAddress parse_listen_address(std::string_view text);

}  // namespace runbook::app
