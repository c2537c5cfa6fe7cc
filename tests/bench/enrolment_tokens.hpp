// Enrolment tokens for agents that are about to exist: made over the REST API, or read from a file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace runbook::bench {

struct Invitation {
  std::vector<std::string> tokens;
  std::string controller;  // "https://HOST:PORT" of the agent listener; empty when read from a file
  std::string ca_sha256;
};

// POSTs `count` times to `api`/enrollment-tokens with the admin key. Blocks; throws std::runtime_error.
Invitation make_tokens(const std::string& api, const std::string& key, std::size_t count);

// One token a line.
Invitation read_tokens(const std::string& file);

}  // namespace runbook::bench
