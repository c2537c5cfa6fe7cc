// Every way in which one field of a RunCommand can be another than the one that was signed: what a proxy with
// the TLS keys could change. One table, for the tests of the signature, of the agent and of the link.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/messages/control.hpp"

namespace runbook::testing {

struct Alteration {
  std::string_view field;
  void (*alter)(RunCommand& run);
};

// Of a command as signed_command() makes it: each of these changes it.
inline const std::vector<Alteration>& alterations() {
  static const std::vector<Alteration> all = {
      {"attempt", [](RunCommand& run) { run.attempt.bytes[15] ^= 1; }},
      {"execution", [](RunCommand& run) { run.execution.bytes[15] ^= 1; }},
      {"step", [](RunCommand& run) { run.step.bytes[15] ^= 1; }},
      {"argv: another program", [](RunCommand& run) { run.argv[0] = "/bin/bash"; }},
      {"argv: one argument more", [](RunCommand& run) { run.argv.emplace_back("-x"); }},
      {"argv: one argument less", [](RunCommand& run) { run.argv.pop_back(); }},
      {"argv: two in one", [](RunCommand& run) { run.argv = {run.argv[0] + " " + run.argv[1]}; }},
      {"script: another", [](RunCommand& run) { run.script = "touch /tmp/other\n"; }},
      {"script: one space more", [](RunCommand& run) { run.script += " "; }},
      {"script: none", [](RunCommand& run) { run.script.clear(); }},
      {"environment: another value", [](RunCommand& run) { run.environment["RUNBOOK_PARAM_NAME"] = "x"; }},
      {"environment: one more", [](RunCommand& run) { run.environment["LD_PRELOAD"] = "/tmp/x.so"; }},
      {"environment: one less", [](RunCommand& run) { run.environment.erase("RUNBOOK_PARAM_NAME"); }},
      {"environment: another name",
       [](RunCommand& run) {
         auto node = run.environment.extract("RUNBOOK_PARAM_NAME");
         node.key() = "RUNBOOK_PARAM_NAMES";
         run.environment.insert(std::move(node));
       }},
      {"working_directory", [](RunCommand& run) { run.working_directory = "/tmp"; }},
      {"run_as", [](RunCommand& run) { run.run_as = run.run_as == "root" ? "nobody" : "root"; }},
      {"run_as: the agent's own", [](RunCommand& run) { run.run_as.clear(); }},
      {"timeout_seconds", [](RunCommand& run) { run.timeout += std::chrono::seconds(1); }},
      {"stop_grace_seconds", [](RunCommand& run) { run.stop_grace += std::chrono::seconds(1); }},
      {"expires_at: later", [](RunCommand& run) { run.expires_at += std::chrono::hours(1); }},
      {"expires_at: a microsecond", [](RunCommand& run) { run.expires_at += std::chrono::microseconds(1); }},
      {"stop_after_seconds: none", [](RunCommand& run) { run.stop_after.reset(); }},
      {"stop_after_seconds: longer", [](RunCommand& run) { *run.stop_after += std::chrono::seconds(1); }},
      {"credentials: another secret", [](RunCommand& run) { run.credentials[0].secret += "x"; }},
      {"credentials: another name", [](RunCommand& run) { run.credentials[0].name = "other"; }},
      {"credentials: another id", [](RunCommand& run) { run.credentials[0].id.bytes[15] ^= 1; }},
      {"credentials: none", [](RunCommand& run) { run.credentials.clear(); }},
      {"secrets: none to be masked", [](RunCommand& run) { run.secrets.clear(); }},
      {"secrets: another", [](RunCommand& run) { run.secrets[0] += "x"; }},
      {"root", [](RunCommand& run) { run.root[0] = run.root[0] == '0' ? '1' : '0'; }},
      {"leaf", [](RunCommand& run) { run.leaf[0] = run.leaf[0] == '0' ? '1' : '0'; }},
      {"root and leaf: none",
       [](RunCommand& run) {
         run.root.clear();
         run.leaf.clear();
       }},
      {"signature: none", [](RunCommand& run) { run.signature.clear(); }},
      {"signature: another", [](RunCommand& run) { run.signature[0] = run.signature[0] == 'A' ? 'B' : 'A'; }},
      {"signature: one character more", [](RunCommand& run) { run.signature += "A"; }},
      {"signature: no base64", [](RunCommand& run) { run.signature = "not base64"; }},
  };
  return all;
}

// A command with every member filled, neither bound nor signed.
inline RunCommand full_command() {
  RunCommand run;
  run.attempt.bytes[0] = 1;
  run.execution.bytes[0] = 2;
  run.step.bytes[0] = 3;
  run.argv = {"/bin/sh", "-ec"};
  run.script = "echo \"$RUNBOOK_PARAM_NAME\"\n";
  run.environment = {{"RUNBOOK_PARAM_NAME", "a b"}, {"RUNBOOK_HOST", "web-1"}};
  run.working_directory = "/";
  run.run_as = "app";
  run.timeout = std::chrono::seconds(3600);
  run.stop_grace = std::chrono::seconds(10);
  run.stop_after = std::chrono::seconds(30);
  run.credentials = {{.id = run.step, .name = "deploy", .secret = "the key"}};
  run.secrets = {"hunter2-and-more"};
  run.root = std::string(64, 'a');
  run.leaf = std::string(64, 'b');
  return run;
}

}  // namespace runbook::testing
