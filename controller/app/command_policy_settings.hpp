// The setting command_policy: what an administrator refuses beyond the defaults (docs/command-policy.md).
// Pure.
#pragma once

#include <string>

#include "controller/domain/command_policy.hpp"

namespace runbook::app {

// `text` is a YAML map of refuse, protected_paths, deny and never_allow; JSON is YAML too. Throws
// SettingsError with what follows the setting's name in a sentence.
domain::CommandPolicy parse_command_policy(const std::string& text);

}  // namespace runbook::app
