// What the commands of runbook-agent do, with their exit codes. Errors are one sentence on standard error.
#pragma once

#include <map>
#include <string>

#include "protocol/messages/result.hpp"

namespace runbook::agent {

inline constexpr int kDone = 0;
inline constexpr int kNotDone = 1;
inline constexpr int kWrongUsage = 2;

struct EnrollOptions {
  std::string controller;
  std::string token;
  std::string ca_sha256;
  std::string name;    // empty: the host's
  std::string labels;  // "k=v,…"
  std::string state_directory;
  bool replace = false;
};

int enroll_host(const EnrollOptions& options);
struct RunOptions {
  std::string state_directory;
  std::string controller;  // the URL to dial; empty: the one of the enrolment
  std::string policy;      // file of the host's policy; empty: the one in /etc, if it is there
};
int run_agent(const RunOptions& options);
int show_status(const std::string& state_directory);

// "role=web,env=prod" as a map. kInvalid names the part that is wrong.
Result<std::map<std::string, std::string>> parse_labels(const std::string& text);

int report(const Error& error, int exit_code = kNotDone);

}  // namespace runbook::agent
