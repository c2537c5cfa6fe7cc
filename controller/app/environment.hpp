// The process's environment: read once at start, before there are threads. Secrets are taken out of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace runbook::app {

// Lines `NAME=value`, optional `export`, quotes, comments and empty lines. Throws SettingsError with the
// line.
std::map<std::string, std::string> parse_env_file(std::string_view text, const std::string& file_name);

// Variables that begin with RUNBOOK_, those of a .env file in the working directory below them.
std::map<std::string, std::string> runbook_environment();

// The variable's value; it is then overwritten and removed, so that neither children nor /proc show it. Where
// it is not set, what the .env file says.
std::optional<std::string> take_secret(const char* name);

}  // namespace runbook::app
