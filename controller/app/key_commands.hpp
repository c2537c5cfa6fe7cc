// `api-key create` and `enrollment-token create`: what is needed before anyone can sign in, made on the
// database itself; `rotate-keys` and `audit verify`. With the data folder of a running `dev` they use its
// database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/app/settings.hpp"

namespace runbook::app {

struct ApiKeyOrder {
  std::string name;
  std::vector<std::string> roles;
  std::string owner;  // empty: the name
};
// Prints the key alone on standard output.
int run_api_key_create(const Settings& settings, const ApiKeyOrder& order);

// `labels`: "key=value" each. Prints the command to paste on the host.
int run_enrollment_token_create(const Settings& settings, const std::vector<std::string>& labels);

// Seals every credential with the first key.
int run_rotate_keys(const Settings& settings);

// Says whether the audit trail is as it was written; 1 when it is not.
int run_audit_verify(const Settings& settings);

}  // namespace runbook::app
