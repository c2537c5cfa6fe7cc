#include "controller/app/settings.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <boost/algorithm/string/split.hpp>
#include <boost/asio/ip/address.hpp>

#include <array>
#include <cctype>
#include <charconv>
#include <functional>

#include "controller/app/command_policy_settings.hpp"
#include "controller/domain/network_guard.hpp"

namespace runbook::app {
namespace {

using Apply = void (*)(Settings&, const std::string&);

struct Setting {
  SettingName name;
  Apply apply;
};

std::size_t number(const std::string& text, std::size_t least, std::size_t most) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) {
    throw SettingsError(fmt::format("must be a number from {} to {}", least, most));
  }
  return value;
}

std::string one_of(const std::string& text, std::initializer_list<std::string_view> words) {
  for (const auto word : words) {
    if (text == word) return text;
  }
  throw SettingsError(fmt::format("must be one of {}", fmt::join(words, ", ")));
}

std::vector<std::string> networks(const std::string& text) {
  std::vector<std::string> list;
  boost::algorithm::split(list, text, [](char c) { return c == ','; });
  for (const auto& network : list) {
    if (!domain::Network::parse(network)) {
      throw SettingsError(fmt::format("must be networks such as 10.0.0.0/8, not {}", network));
    }
  }
  return list;
}

const std::array kSettings = {
    Setting{{"database_url", "PostgreSQL, as a libpq URI or keyword string"},
            [](Settings& settings, const std::string& text) { settings.database_url = text; }},
    Setting{{"database_owner_url", "the same database as the role that owns it, for migrate only"},
            [](Settings& settings, const std::string& text) { settings.database_owner_url = text; }},
    Setting{{"database_connections", "how many database sessions there are at most (8)"},
            [](Settings& settings, const std::string& text) {
              settings.database_connections = number(text, 2, 200);
            }},
    Setting{
        {"listen", "address and port of REST API, UI and /live (127.0.0.1:8080); https beyond loopback"},
        [](Settings& settings, const std::string& text) { settings.listen = parse_listen_address(text); }},
    Setting{{"agent_listen", "address and port the agents dial (127.0.0.1:8443)"},
            [](Settings& settings, const std::string& text) {
              settings.agent_listen = parse_listen_address(text);
            }},
    Setting{{"public_url", "how people reach the controller, when a proxy stands before it"},
            [](Settings& settings, const std::string& text) { settings.public_url = text; }},
    Setting{{"tls_certificate", "PEM file with the certificate chain of the public listener"},
            [](Settings& settings, const std::string& text) { settings.tls_certificate = text; }},
    Setting{{"tls_key", "PEM file with its private key"},
            [](Settings& settings, const std::string& text) { settings.tls_key = text; }},
    Setting{{"ca_certificate",
             "PEM file with the certificate of the fleet's authority; further ones in it are trusted too"},
            [](Settings& settings, const std::string& text) { settings.ca_certificate = text; }},
    Setting{{"ca_key", "PEM file with the authority's private key"},
            [](Settings& settings, const std::string& text) { settings.ca_key = text; }},
    Setting{{"dispatch_key_file",
             "PEM file with the key that signs commands, as `openssl genpkey -algorithm ed25519` makes"},
            [](Settings& settings, const std::string& text) { settings.dispatch_key_file = text; }},
    Setting{
        {"audit_key_file", "file with the audit trail's key: 64 hex digits, as `openssl rand -hex 32` makes"},
        [](Settings& settings, const std::string& text) { settings.audit_key_file = text; }},
    Setting{{"audit_checkpoint_file", "file to which the audit trail's checkpoints are appended"},
            [](Settings& settings, const std::string& text) { settings.audit_checkpoint_file = text; }},
    Setting{{"log_format", "text or json (text on a terminal, else json)"},
            [](Settings& settings, const std::string& text) {
              settings.log_format = one_of(text, {"text", "json"});
            }},
    Setting{{"log_level", "debug, info, warn or error (info)"},
            [](Settings& settings, const std::string& text) {
              settings.log_level = one_of(text, {"debug", "info", "warn", "error"});
            }},
    Setting{{"data_dir", "folder of everything `dev` keeps"},
            [](Settings& settings, const std::string& text) { settings.data_dir = text; }},
    Setting{{"local_agents", "how many agents `dev` runs on this machine (2)"},
            [](Settings& settings, const std::string& text) { settings.local_agents = number(text, 0, 50); }},
    Setting{{"allow_api_targets", "private networks that API blocks may reach, CIDR, separated by commas"},
            [](Settings& settings, const std::string& text) { settings.allow_api_targets = networks(text); }},
    Setting{{"command_policy", "what commands may not do, as a YAML map (docs/command-policy.md)"},
            [](Settings& settings, const std::string& text) {
              settings.command_policy = parse_command_policy(text);
            }},
};

constexpr std::string_view kPolicy = "command_policy";  // the one setting that is a map in the file

const Setting* find_setting(std::string_view name) {
  for (const auto& setting : kSettings) {
    if (setting.name.name == name) return &setting;
  }
  return nullptr;
}

std::string environment_name(std::string_view setting) {
  std::string name = "RUNBOOK_";
  for (const char c : setting) name.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  return name;
}

}  // namespace

bool ListenAddress::is_loopback() const {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  return !error && parsed.is_loopback();
}

std::string ListenAddress::str() const {
  return address.contains(':') ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

ListenAddress parse_listen_address(std::string_view text) {
  constexpr std::string_view kShape =
      "must be an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080";
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) throw SettingsError(std::string{kShape});
  auto host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto port_text = text.substr(colon + 1);
  unsigned short port = 0;
  const auto [end, wrong] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string{host}, error);
  const bool port_read =
      wrong == std::errc{} && !port_text.empty() && end == port_text.data() + port_text.size();
  if (error || !port_read || bracketed != address.is_v6()) throw SettingsError(std::string{kShape});
  return {address.to_string(), port};
}

const std::vector<SettingName>& setting_names() {
  static const auto names = [] {
    std::vector<SettingName> list;
    list.reserve(std::size(kSettings));
    for (const auto& setting : kSettings) list.push_back(setting.name);
    return list;
  }();
  return names;
}

RawSettings settings_from_yaml(const std::string& text, const std::string& file_name) {
  YAML::Node document;
  try {
    document = YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw SettingsError(
        fmt::format("{} line {}: this is not YAML: {}.", file_name, error.mark.line + 1, error.msg));
  }
  RawSettings values;
  if (document.IsNull()) return values;
  if (!document.IsMap())
    throw SettingsError(fmt::format("{} must hold settings as `name: value`.", file_name));
  for (const auto& entry : document) {
    const auto line = entry.first.Mark().line + 1;
    const auto name = entry.first.IsScalar() ? entry.first.Scalar() : std::string{};
    if (find_setting(name) == nullptr) {
      throw SettingsError(fmt::format("{} line {}: there is no setting \"{}\".", file_name, line, name));
    }
    if (name == kPolicy && entry.second.IsMap()) {
      values[name] = YAML::Dump(entry.second);
      continue;
    }
    if (!entry.second.IsScalar()) {
      throw SettingsError(fmt::format("{} line {}: {} must be a single value.", file_name, line, name));
    }
    values[name] = entry.second.Scalar();
  }
  return values;
}

RawSettings settings_from_environment(const std::map<std::string, std::string>& environment) {
  RawSettings values;
  for (const auto& setting : kSettings) {
    const auto found = environment.find(environment_name(setting.name.name));
    if (found != environment.end()) values.emplace(setting.name.name, found->second);
  }
  return values;
}

Settings resolve_settings(const std::vector<SettingSource>& sources) {
  Settings settings;
  for (const auto& source : sources) {
    for (const auto& [name, text] : source.values) {
      const auto* setting = find_setting(name);
      if (setting == nullptr) throw SettingsError(fmt::format("There is no setting \"{}\".", name));
      try {
        setting->apply(settings, text);
      } catch (const SettingsError& error) {
        throw SettingsError(fmt::format("{} in {} {}, not \"{}\".", name, source.place, error.what(), text));
      }
    }
  }
  return settings;
}

}  // namespace runbook::app
