#include "agent/policy/host_policy.hpp"

#include <gtest/gtest.h>

#include "agent/policy/dispatch_guard.hpp"
#include "agent/policy/policy_file.hpp"
#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::policy {
namespace {

using std::chrono_literals::operator""s;

constexpr const char* kOwn = "agent";

HostPolicy policy(const std::string& yaml) {
  const auto parsed = parse_policy(yaml, "agent.yaml");
  if (!parsed) throw std::runtime_error(parsed.error().message);
  return *parsed;
}

RunCommand script(std::string text, std::vector<std::string> shell = {"/bin/sh"}) {
  RunCommand run;
  run.argv = std::move(shell);
  run.script = std::move(text);
  run.timeout = 60s;
  run.environment = {{"RUNBOOK_HOST", "web-1"}};
  return run;
}

RunCommand program(std::vector<std::string> argv) { return script("", std::move(argv)); }

RunCommand as(RunCommand run, std::string user) {
  run.run_as = std::move(user);
  return run;
}

RunCommand with(RunCommand run, std::string name) {
  run.environment[std::move(name)] = "x";
  return run;
}

RunCommand lasting(RunCommand run, std::chrono::seconds timeout) {
  run.timeout = timeout;
  return run;
}

RunCommand in(RunCommand run, std::string folder) {
  run.working_directory = std::move(folder);
  return run;
}

// What the reason says, "" when the command is allowed.
std::string judged(const std::string& yaml, const RunCommand& run) {
  return objection(policy(yaml), run, kOwn).value_or("");
}

struct Case {
  std::string policy;
  RunCommand run;
  std::string reason;  // a part of it; "" when the command is allowed
};

const std::string kUsers = "run_as: [deploy, postgres]";
const std::string kShells = "interpreters: [/bin/sh, bash -euo pipefail -c]";
const std::string kCommands =
    "commands:\n  - systemctl status *\n  - /usr/bin/tail -n ? /var/log/*.log\n  - [printf, 'a b', ...]\n"
    "  - deploy **\n";
const std::string kTime = "maximum_runtime_seconds: 600";
const std::string kReadOnly = "read_only: true";

std::vector<Case> of_hosts_users_and_time() {
  return {
      // without a policy, and with one that says nothing
      {"", as(script("rm -rf /"), "root"), ""},
      {"read_only: false", program({"mkfs", "/dev/sda"}), ""},
      // read-only: nothing at all
      {kReadOnly, script("true"), "is read-only"},
      {kReadOnly, program({"true"}), "is read-only"},
      {kReadOnly + "\ncommands: ['true']", program({"true"}), "is read-only"},
      // users
      {kUsers, as(script("true"), "deploy"), ""},
      {kUsers, as(program({"true"}), "postgres"), ""},
      {kUsers, as(script("true"), "root"), "\"root\""},
      {kUsers, as(script("true"), "Deploy"), "\"Deploy\""},
      {kUsers, as(script("true"), "deploy "), "\"deploy \""},
      {kUsers, as(script("true"), "deplo"), "\"deplo\""},
      {kUsers, script("true"), "\"agent\""},
      {"run_as: [agent]", script("true"), ""},
      {"run_as: []", script("true"), "\"agent\""},
      // time
      {kTime, lasting(script("true"), 600s), ""},
      {kTime, lasting(script("true"), 601s), "600 s at most, and this one may take 601 s"},
      {kTime, lasting(script("true"), 0s), "may take 3600 s"},
  };
}

std::vector<Case> of_interpreters() {
  return {
      // interpreters
      {kShells, script("true"), ""},
      {kShells, script("true", {"/bin/sh", "-c"}), ""},
      {"interpreters: [bash ...]", script("true", {"bash", "-l", "-c"}), ""},
      {kShells, script("true", {"bash", "-euo", "pipefail", "-c"}), ""},
      {kShells, script("true", {"/bin/bash"}), "\"/bin/bash\""},
      {kShells, script("true", {"sh"}), "\"sh\""},
      {kShells, script("true", {"/bin/sh", "-c", "rm -rf /", "x"}), "run scripts"},
      {kShells, script("import os", {"python3", "-c"}), "\"python3 -c\""},
      {kShells, script("true", {"/bin/../bin/sh"}), "run scripts"},
      {kShells, program({"/usr/bin/id"}), ""},
      {"interpreters: []", script("true"), "run scripts"},
  };
}

std::vector<Case> of_commands() {
  return {
      // commands, word by word
      {kCommands, program({"systemctl", "status", "nginx"}), ""},
      {kCommands, program({"systemctl", "status"}), "does not allow this command"},
      {kCommands, program({"systemctl", "restart", "nginx"}), "does not allow this command"},
      {kCommands, program({"systemctl", "status", "nginx", "-H", "other"}), "does not allow this command"},
      {kCommands, program({"systemctl", "status", "--root=x"}), "does not allow this command"},
      {kCommands, program({"systemctl status nginx"}), "does not allow this command"},
      {kCommands, program({"/tmp/systemctl", "status", "nginx"}), "does not allow this command"},
      {kCommands, program({"/usr/bin/tail", "-n", "5", "/var/log/app.log"}), ""},
      {kCommands, program({"/usr/bin/tail", "-n", "50", "/var/log/app.log"}), "does not allow"},
      {kCommands, program({"/usr/bin/tail", "-n", "5", "/var/log/../x.log"}), "does not allow"},
      {kCommands, program({"/usr/bin/tail", "-n", "5", "/var/log/a/b.log"}), "does not allow"},
      {kCommands, program({"printf", "a b"}), ""},
      {kCommands, program({"printf", "a b", "-c", "d"}), ""},
      {kCommands, program({"printf", "a", "b"}), "does not allow"},
      {kCommands, program({"deploy", "app/v1/linux"}), ""},
      {kCommands, program({"deploy", "../app"}), "does not allow"},
      {kCommands, program({"deploy", "-f"}), "does not allow"},
      {"commands: []", program({"true"}), "does not allow"},
  };
}

std::vector<Case> of_scripts_and_variables() {
  return {
      // commands as scripts
      {kCommands, script("systemctl status nginx\n"), ""},
      {kCommands, script("  systemctl   status nginx"), ""},
      {kCommands, script("systemctl status nginx", {"bash", "-euo", "pipefail", "-c"}), ""},
      {kCommands, script("systemctl status nginx; id"), "does not allow this script (sha256:"},
      {kCommands, script("systemctl status nginx\nid"), "does not allow this script"},
      {kCommands, script("systemctl status $(id)"), "does not allow this script"},
      {kCommands, script("systemctl status `id`"), "does not allow this script"},
      {kCommands, script("systemctl status nginx > x"), "does not allow this script"},
      {kCommands, script("systemctl status nginx & id"), "does not allow this script"},
      {kCommands, script("systemctl status nginx | sh"), "does not allow this script"},
      {kCommands, script("systemctl status \"$RUNBOOK_HOST\""), "does not allow this script"},
      {kCommands, script("systemctl status 'nginx'"), "does not allow this script"},
      {kCommands, script("systemctl status ngin*"), "does not allow this script"},
      {kCommands, script("PATH=/tmp systemctl status nginx"), "does not allow this script"},
      {kCommands, script("systemctl status nginx", {"/bin/sh", "-c", "id", "x"}), "run scripts"},
      {kCommands, script("systemctl status nginx", {"python3"}), "run scripts"},
      {kCommands, script("systemctl status nginx", {"/tmp/sh"}), "run scripts"},
      // variables decide what a name stands for
      {kCommands, with(program({"systemctl", "status", "nginx"}), "PATH"), "variable PATH"},
      {kCommands, with(script("systemctl status nginx"), "LD_PRELOAD"), "variable LD_PRELOAD"},
      {kShells, with(script("true"), "BASH_ENV"), "variable BASH_ENV"},
      {kShells + "\nenvironment: [LANG, APP_*]", with(script("true"), "APP_MODE"), ""},
      {kShells + "\nenvironment: [LANG, APP_*]", with(script("true"), "PATH"), "variable PATH"},
      {"environment: []", with(script("true"), "LANG"), "variable LANG"},
      {"environment: []", script("true"), ""},
      {kTime, with(script("true"), "PATH"), ""},
  };
}

// What is not the text of a script for its shell is the name of a file, or anything else.
std::vector<Case> of_shells_without_text() {
  const std::string text = "systemctl status nginx";
  const std::string named = kCommands + "interpreters: [sh -e, bash ..., python3 -c, perl -e]";
  std::vector<Case> all;
  for (const std::vector<std::string>& shell :
       std::vector<std::vector<std::string>>{{"sh", "-e"},
                                             {"sh", "-eu"},
                                             {"bash", "-o", "pipefail"},
                                             {"sh", "-c", "-e"},
                                             {"sh", "x", "-c"},
                                             {"sh", "pipefail", "-c"},
                                             {"bash", "-euo", "-c"},
                                             {"bash", "-o", "-c"},
                                             {"sh", "-", "-c"},
                                             {"sh", "--", "-c"},
                                             {"bash", "-co", "pipefail"},
                                             {"bash", "-oc"},
                                             {"bash", "-s", "-c"}})
    all.push_back({kCommands, script(text, shell), "run scripts"});
  for (const std::vector<std::string>& shell : std::vector<std::vector<std::string>>{
           {"sh", "-c"}, {"sh", "-ec"}, {"sh", "-ce"}, {"bash", "-eu", "-o", "pipefail", "-c"}})
    all.push_back({kCommands, script(text, shell), ""});
  all.push_back({named, script(text, {"sh", "-e"}), "does not allow this command"});
  all.push_back({named, script(text, {"bash", "/tmp/x", "-c"}), "does not allow this command"});
  all.push_back({named, script(text, {"perl", "-e"}), "does not allow this command"});
  all.push_back({named, script("import os;", {"python3", "-c"}), "does not allow this script"});
  // judged by their words
  const std::string words = "commands: [[perl, -e, 'print 1'], [sh, -e, /opt/check]]";
  all.push_back({words, script("print 1", {"perl", "-e"}), ""});
  all.push_back({words, script("/opt/check", {"sh", "-e"}), ""});
  all.push_back({words, script("print 2", {"perl", "-e"}), "run scripts"});
  const std::string longest(limits::kInlineScriptBytes + 1, 'a');  // becomes a file, without the -n
  all.push_back({"commands: [echo -n *]", script(longest, {"echo", "-n"}), "run scripts"});
  return all;
}

std::vector<Case> of_working_directories() {
  const auto status = program({"systemctl", "status", "nginx"});
  const std::string folders = "working_directories: [/srv/app, /var/lib/*]";
  return {
      {kCommands, in(status, "/tmp"), "does not let commands run in \"/tmp\""},
      {kCommands, in(script("systemctl status nginx"), "/tmp"), "\"/tmp\""},
      {kCommands + folders, in(status, "/srv/app"), ""},
      {kCommands + folders, in(status, "/var/lib/app"), ""},
      {kCommands + folders, in(status, "/var/lib/app/x"), "\"/var/lib/app/x\""},
      {kCommands + folders, in(status, "/var/lib/.."), "\"/var/lib/..\""},
      {kCommands + folders, in(status, "/srv/app/"), "\"/srv/app/\""},
      {kCommands + folders, status, ""},
      {folders, in(script("true"), "/tmp"), "\"/tmp\""},
      {"working_directories: []", in(script("true"), "/srv"), "\"/srv\""},
      {"working_directories: []", script("true"), ""},
      {kShells, in(script("true"), "/tmp"), ""},
  };
}

std::vector<Case> table() {
  std::vector<Case> all;
  for (const auto& part : {of_hosts_users_and_time(), of_interpreters(), of_commands(),
                           of_scripts_and_variables(), of_shells_without_text(), of_working_directories()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(HostPolicy, AllowsAndForbidsAsItsFileSays) {
  for (const auto& [yaml, run, reason] : table()) {
    const auto found = judged(yaml, run);
    const auto what = yaml + "\n" + (run.script.empty() ? run.argv.back() : run.script);
    if (reason.empty())
      EXPECT_EQ(found, "") << what;
    else
      EXPECT_NE(found.find(reason), std::string::npos) << what << "\n" << found;
  }
  EXPECT_GE(table().size(), 60U);
}

TEST(HostPolicy, NamesTheScriptSoThatItCanBeAllowed) {
  const auto text = "for i in a b; do echo $i; done\n";
  const auto digest = sha256_hex(text);
  EXPECT_NE(judged("commands: []", script(text)).find("sha256:" + digest), std::string::npos);
  EXPECT_EQ(judged("commands: ['sha256:" + digest + "']", script(text)), "");
  EXPECT_NE(judged("commands: ['sha256:" + digest + "']", script(std::string(text) + " ")), "");
}

TEST(HostPolicy, EveryReasonNamesTheFile) {
  EXPECT_EQ(judged(kUsers, as(script("true"), "root")),
            "The policy of this host (agent.yaml) does not let commands run as \"root\".");
}

TEST(HostPolicy, IsReadFromItsFileAndNothingElse) {
  const std::pair<const char*, const char*> wrong[] = {
      {"read_onyl: true", "line 1: there is no member \"read_onyl\""},
      {"read_only: yes", "line 1: read_only must be true or false"},
      {"read_only: true\nread_only: false", "line 2: read_only is there twice"},
      {"run_as: root", "line 1: run_as must be a list"},
      {"run_as: [[root]]", "an entry of run_as must be a text"},
      {"run_as: ['']", "an entry of run_as must be a text"},
      {"commands: {a: b}", "commands must be a list"},
      {"commands: ['...']", "names no program"},
      {"commands: ['sha256:abc']", "64 lower-case hex digits"},
      {"interpreters: [[]]", "names no program"},
      {"maximum_runtime_seconds: 0", "a number from 1 to"},
      {"maximum_runtime_seconds: 1h", "a number from 1 to"},
      {"- a", "must hold members"},
      {"a: [", "this is not YAML"},
  };
  for (const auto& [text, says] : wrong) {
    const auto parsed = parse_policy(text, "agent.yaml");
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find(says), std::string::npos) << parsed.error().message;
  }
}

TEST(HostPolicy, HasAnEnd) {
  std::string entries = "run_as: [a";
  for (std::size_t i = 1; i < limits::kHostPolicyEntries; ++i) entries += ",a";
  EXPECT_TRUE(parse_policy(entries + "]", "x"));
  EXPECT_FALSE(parse_policy(entries + ",a]", "x"));
  const std::string longest(limits::kHostPolicyEntryBytes, 'a');
  EXPECT_TRUE(parse_policy("run_as: [" + longest + "]", "x"));
  EXPECT_FALSE(parse_policy("run_as: [" + longest + "a]", "x"));
}

TEST(WordPattern, CannotTakeLong) {
  const WordPattern pattern(std::string(200, '*') + "b");
  EXPECT_FALSE(pattern.matches(std::string(20'000, 'a')));
}

TEST(DispatchGuard, RunsNothingWithoutAKey) {
  const DispatchGuard guard(std::nullopt, {}, {}, kOwn);
  const auto why = guard(script("true"));
  ASSERT_TRUE(why);
  EXPECT_EQ(why->code, "bad_signature");
  EXPECT_NE(why->reason.find("enrol this host again"), std::string::npos);
}

}  // namespace
}  // namespace runbook::policy
