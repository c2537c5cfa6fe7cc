// The guard-rail of CONTRACT §1: what a command may not do unless its block lists it.
#include "controller/domain/command_policy.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <string>
#include <vector>

#include "controller/domain/runbook.hpp"

namespace runbook::domain {
namespace {

using Words = std::vector<std::string>;

CommandConfig shell(std::string text, Words allow = {}) {
  CommandConfig config;
  config.command = std::move(text);
  config.allow = std::move(allow);
  return config;
}

CommandPolicy policy_of(const PolicySettings& settings) { return CommandPolicy::of(settings).value(); }

// "line:column word" of each refusal.
Words judged(const CommandConfig& config, const CommandPolicy& policy = {}) {
  Words found;
  for (const auto& refusal : policy.judge(config)) {
    found.push_back(fmt::format("{}:{} {}", refusal.at.line, refusal.at.column, refusal.word));
  }
  return found;
}

Words judged(const std::string& text, const CommandPolicy& policy = {}) {
  return judged(shell(text), policy);
}

TEST(CommandPolicy, TakesEveryOperatorByDefault) {
  for (const auto* text : {
           "a | b |& c",
           "a && b || c",
           "a; b &",
           "(cd /tmp; ls)",
           "{ a; b; }",
           "x=$(date) y=`date`",
           "diff <(a) <(b)",
           "sort < in > out 2>&1",
           "cat >> log",
           "cat <<EOF\n$(date)\nEOF\n",
           "cat <<'EOF'\n> /etc/passwd\nEOF\n",
           "echo $((1 < 2)) ${x:-/etc/y}",
           "echo '> /etc/passwd'",
           "echo \"> /etc/passwd\"",
           "# > /etc/passwd",
           "echo \\> /etc/passwd",
           "[[ a > /etc/b ]]",
           "a > /dev/null 2> /dev/stderr < /etc/hosts",
           "a > /dev/tty; b > /dev/fd/3 >/dev/stdout",
           "a >&2 2>&-",
           "a > /tmp/etc/x; b > etc/x; c > /etcetera; d > /library",
           "rm -rf ./x /tmp/x '/ x'",
           "dd if=/dev/zero of=/dev/null",
           "dd if=/dev/sda of=/tmp/image",
           "echo rm -rf /",
           "echo mkfs",
           "f() { f x; }; f | cat",
           "git commit -m 'mkfs; rm -rf /'",
           "case x in (a|b) c ;; *) d & esac",
       }) {
    EXPECT_EQ(judged(text), Words()) << text;
  }
}

TEST(CommandPolicy, RefusesWritingRedirectionsBelowSystemFolders) {
  for (const auto* folder : {"/etc", "/boot", "/usr", "/bin", "/sbin", "/lib", "/sys", "/proc", "/dev"}) {
    const auto path = fmt::format("{}/x", folder);
    EXPECT_EQ(judged(fmt::format("echo x > {}", path)), Words{"1:8 write:" + path});
    EXPECT_EQ(judged(fmt::format("echo x > {}", folder)), Words{fmt::format("1:8 write:{}", folder)});
  }
}

TEST(CommandPolicy, SeesEveryWayOfWriting) {
  for (const auto* text : {
           "> /etc/x",      ">/etc/x",     ">> /etc/x",   ">| /etc/x",    "&> /etc/x",
           "&>> /etc/x",    ">& /etc/x",   "<> /etc/x",   ">   /etc/x",   "> '/etc/x'",
           "> \"/etc/x\"",  "> /e't'c/x",  "> \\/etc/x",  "> //etc/./x",  "> /tmp/../etc/x",
           "> /etc/y/../x", ">\\\n/etc/x", "> $'/etc/x'", ">/etc/x echo", "> /etc/x <in",
       }) {
    const auto found = judged(text);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_EQ(found.front(), "1:1 write:/etc/x") << text;
  }
  EXPECT_EQ(judged("echo x > /etc/$name"), Words{"1:8 write:/etc"});
  EXPECT_EQ(judged("echo x > \"/etc/${name}.conf\""), Words{"1:8 write:/etc"});
  EXPECT_EQ(judged("echo x > /etc/${{ params.name }}"), Words{"1:8 write:/etc"});
  EXPECT_EQ(judged("echo x > $dir/x"), Words());
  EXPECT_EQ(judged("echo x > /dev/tcp/host/80"), Words{"1:8 write:/dev/tcp/host/80"});
  EXPECT_EQ(judged("echo x 2> /proc/sys/kernel/panic"), Words{"1:9 write:/proc/sys/kernel/panic"});
}

// A word that could not stand in allow would be no advice.
TEST(CommandPolicy, NamesAFolderWhereThePathIsNoWord) {
  EXPECT_EQ(judged("a > '/etc/x/a\nb'"), Words{"1:3 write:/etc/x"});
  EXPECT_EQ(judged(shell("a > '/etc/x/a\nb'", {"write:/etc/x"})), Words());
  EXPECT_EQ(judged("a > /etc/" + std::string(5000, 'x')), Words{"1:3 write:/etc"});
}

TEST(CommandPolicy, NamesLineAndColumn) {
  EXPECT_EQ(judged("echo ü\nif true; then\n  echo ü > /etc/motd\nfi\n"), Words{"3:10 write:/etc/motd"});
  EXPECT_EQ(judged("a\n(b; $(c > /etc/1)); d `e >/etc/2`\nf | { g; } > /etc/3"),
            (Words{"2:9 write:/etc/1", "2:26 write:/etc/2", "3:12 write:/etc/3"}));
  EXPECT_EQ(judged("x=\"$(a > /etc/1)\"; cat <<E\n$(b > /etc/2)\nE\nc > /etc/3"),
            (Words{"1:8 write:/etc/1", "2:5 write:/etc/2", "4:3 write:/etc/3"}));
  const auto refusals = CommandPolicy().judge(shell("echo x > /etc/motd"));
  ASSERT_EQ(refusals.size(), 1U);
  EXPECT_EQ(refusals.front().place, "command");
  EXPECT_EQ(to_string(refusals.front()),
            "line 1, column 8: Writing to /etc/motd by a redirection is refused by the command policy: list "
            "\"write:/etc/motd\" in allow when this block is meant to do it.");
}

TEST(CommandPolicy, LetsABlockDoWhatItLists) {
  const std::string text = "echo x > /etc/motd; echo y > /etc/ssh/sshd_config";
  EXPECT_EQ(judged(shell(text, {"write:/etc/motd"})), Words{"1:28 write:/etc/ssh/sshd_config"});
  EXPECT_EQ(judged(shell(text, {"write:/etc"})), Words());
  EXPECT_EQ(judged(shell(text, {"write:/etc/"})), Words());
  EXPECT_EQ(judged(shell(text, {"write:/et", "write:/etc/mot", "mkfs", "output"})).size(), 2U);
  EXPECT_EQ(judged(shell("mkfs.ext4 /dev/vdb", {"mkfs"})), Words());
  EXPECT_EQ(judged(shell("dd of=/dev/vdb", {"dd_device"})), Words());
  EXPECT_EQ(judged(shell("rm -rf /", {"rm_root"})), Words());
}

TEST(CommandPolicy, RefusesDangerousCommands) {
  for (const auto* text : {
           "rm -rf /",
           "rm -fr /*",
           "rm -r -f /",
           "rm --recursive --force /",
           "rm / -rf",
           "rm -rf //",
           "rm -rf /.",
           "rm -rf --no-preserve-root /",
           "rm -rf -- /",
           "rm -rf \"/\"",
           "\"rm\" -rf /",
           "r\\m -rf /",
           "/bin/rm -rf /",
           "LANG=C rm -rf /",
           "sudo rm -rf /",
           "sudo -u root rm -rf /",
           "env A=b rm -rf /",
           "nohup nice -n 5 rm -rf /",
           "timeout 5 rm -rf /",
           "true && rm -rf /",
           "echo / | xargs rm -rf /",
           "if true; then rm -rf /; fi",
           "x=$(rm -rf /)",
           "rm -rf /tmp /",
           "sh -c 'rm -rf /'",
           "bash -xec \"rm -rf /\"",
           "eval 'rm -rf /'",
           "eval rm -rf /",
           "sudo sh -c 'sh -c \"rm -rf /\"'",
           "busybox rm -rf /",
           "! rm -rf /",
           "while :; do rm -rf /; done",
           "case a in a) rm -rf / ;; esac",
           "f() { rm -rf /; }",
       }) {
    const auto found = judged(text);
    ASSERT_EQ(found.size(), 1U) << text;
    EXPECT_TRUE(found.front().ends_with(" rm_root")) << text;
  }
  EXPECT_EQ(judged("a\n mkfs /dev/sdb"), Words{"2:2 mkfs"});
  EXPECT_EQ(judged("mkfs.xfs -f /dev/sdb"), Words{"1:1 mkfs"});
  EXPECT_EQ(judged("dd if=x of=/dev/sda bs=1M"), Words{"1:1 dd_device"});
  EXPECT_EQ(judged("dd of=\"/dev/nvme0n1\""), Words{"1:1 dd_device"});
}

TEST(CommandPolicy, RefusesForkBombs) {
  EXPECT_EQ(judged(":(){ :|:& };:"), Words{"1:1 fork_bomb"});
  EXPECT_EQ(judged("true\n:() { : | : & }; :"), Words{"2:1 fork_bomb"});
  EXPECT_EQ(judged("bomb() (bomb & bomb)"), Words{"1:1 fork_bomb"});
  EXPECT_EQ(judged("function b { b | b & }; b"), Words{"1:10 fork_bomb"});
  EXPECT_EQ(judged(shell(":(){ :|:& };:", {"fork_bomb"})), Words());
}

TEST(CommandPolicy, ReadsProgramsWithoutAShellToo) {
  CommandConfig config;
  config.argv = {"rm", "-rf", "/"};
  EXPECT_EQ(judged(config), Words{"1:1 rm_root"});
  EXPECT_EQ(CommandPolicy().judge(config).front().place, "argv/0");
  config.argv = {"sudo", "bash", "-c", "true\necho x > /etc/x"};
  EXPECT_EQ(judged(config), Words{"2:8 write:/etc/x"});
  EXPECT_EQ(CommandPolicy().judge(config).front().place, "argv/3");
  config.argv = {"echo", "x", ">", "/etc/x"};
  EXPECT_EQ(judged(config), Words());
}

TEST(CommandPolicy, RefusesTheOperatorsAnAdministratorNames) {
  struct Case {
    const char* word;
    const char* text;
    const char* where;
  };
  for (const auto& [word, text, where] : std::vector<Case>{
           {"pipe", "a || b | c", "1:8"},
           {"and_or", "a | b && c", "1:7"},
           {"sequence", "if a; then b; fi; c", "1:17"},
           {"background", "a && b & wait", "1:8"},
           {"subshell", "f() { a; }; (b)", "1:13"},
           {"substitution", "echo '$(a)' \"$(b)\"", "1:14"},
           {"substitution", "echo `b`", "1:6"},
           {"process_substitution", "diff <(a)", "1:6"},
           {"input", "a <<E < b\nE\n", "1:7"},
           {"here_document", "a <<< b", "1:3"},
           {"output", "a > /dev/null > b", "1:15"},
       }) {
    const auto policy = policy_of({.refuse = {word}});
    EXPECT_EQ(judged(text, policy), Words{fmt::format("{} {}", where, word)}) << text;
    EXPECT_EQ(judged(shell(text, {word}), policy), Words()) << text;
  }
  auto python = shell("print(1) | 2");
  python.shell = {"/usr/bin/python3", "-c"};
  EXPECT_EQ(judged(python), Words());
  EXPECT_EQ(judged(python, policy_of({.refuse = {"unread"}})), Words{"1:1 unread"});
  auto bash = shell("a | b");
  bash.shell = {"/usr/bin/env", "bash", "-c"};
  EXPECT_EQ(judged(bash, policy_of({.refuse = {"unread", "pipe"}})), Words{"1:3 pipe"});
}

TEST(CommandPolicy, AddsAnAdministratorsPathsAndPatterns) {
  const auto policy =
      policy_of({.protected_paths = {"/srv/data/"},
                 .deny = {{"power", {"^(reboot|poweroff)( |$)", "--help"}}, {"mkfs", {"^mkfs.btrfs"}}}});
  EXPECT_EQ(judged("a > /srv/data/x; b > /srv/database; c > /etc/x", policy),
            (Words{"1:3 write:/srv/data/x", "1:39 write:/etc/x"}));
  EXPECT_EQ(judged("sudo reboot now; reboot --help", policy), Words{"1:6 power"});
  EXPECT_EQ(judged("mkfs.ext4 x; mkfs.btrfs x", policy), Words{"1:14 mkfs"});
}

TEST(CommandPolicy, KeepsWhatNoBlockMayAllow) {
  const auto policy = policy_of({.never_allow = {"rm_root", "write:/etc/shadow"}});
  EXPECT_EQ(judged(shell("rm -rf /", {"rm_root"}), policy), Words{"1:1 rm_root"});
  EXPECT_EQ(judged(shell("a > /etc/shadow; b > /etc/motd", {"write:/etc"}), policy),
            Words{"1:3 write:/etc/shadow"});
  EXPECT_TRUE(policy.judge(shell("rm -rf /")).front().message.ends_with("lets no runbook allow it."));
  const auto words = policy.judge_allow(shell("a", {"rm_root", "write:/etc/shadow", "write:/etc", "mkfs"}));
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0].place, "allow/0");
  EXPECT_EQ(words[1].place, "allow/1");
  const auto strict = policy_of({.never_allow = {"write"}});
  EXPECT_EQ(judged(shell("a > /etc/x", {"write:/etc"}), strict), Words{"1:3 write:/etc/x"});
}

TEST(CommandPolicy, NamesWordsThatMeanNothing) {
  const auto found = CommandPolicy().judge_allow(shell("a", {"pipe", "mkfs", "write:/etc", "no_such"}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().place, "allow/3");
  EXPECT_TRUE(is_allow_word("write:/x"));
  for (const auto* word : {"", "write", "write:", "write:etc", "Pipe", "|", "a-b", "1a"}) {
    EXPECT_FALSE(is_allow_word(word)) << word;
  }
}

TEST(CommandPolicy, RefusesSettingsItCannotUse) {
  for (const auto& settings : std::vector<PolicySettings>{
           {.refuse = {"pipes"}},
           {.protected_paths = {"etc"}},
           {.deny = {{"x", {"("}}}},
           {.deny = {{"x", {""}}}},
           {.deny = {{"X", {"a"}}}},
           {.deny = {{"pipe", {"a"}}}},
           {.deny = {{"x", {"a", "["}}}},
           {.never_allow = {"write:x"}},
       }) {
    EXPECT_FALSE(CommandPolicy::of(settings));
  }
}

TEST(CommandPolicy, ReadsTextsOfAnyDepthInBoundedTime) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "$(";
  EXPECT_EQ(judged(deep), Words{"1:1 unread"});
  for (const auto* piece : {"`", "((", "${", "\"$(", "<<a ", "case a in ", "{ ", "a=(", "[[ ", "f() ", "env ",
                            "eval ", ";", "$((`"}) {
    std::string text;
    while (text.size() < 200'000) text += piece;
    EXPECT_LE(CommandPolicy().judge(shell(text)).size(), 500U) << piece;
  }
  std::string texts = "rm -rf /";
  for (int i = 0; i < 3; ++i) texts = "sh -c \"" + std::string(texts) + "\"";
  EXPECT_LE(judged(texts).size(), 1U);
}

TEST(CommandPolicy, IsJudgedWhenARunbookIsSavedAndNotWhenItIsRead) {
  const auto document = boost::json::parse(R"({"title": "t", "blocks": [
      {"name": "a", "type": "command", "order": 5, "config": {"command": "true\necho x > /etc/motd"}},
      {"name": "b", "type": "command", "order": 1, "config": {"argv": ["rm", "-rf", "/"]}},
      {"name": "c", "type": "command", "order": 2, "config": {"command": "a", "allow": ["no_such"]}},
      {"name": "d", "type": "command", "order": 3,
       "config": {"command": "a > /etc/x", "allow": ["write:/etc"]}}
    ]})");
  const auto id = [] { return Uuid{}; };
  EXPECT_TRUE(judge_runbook(document, id));
  const CommandPolicy policy;
  const auto saved = judge_runbook(document, id, &policy);
  ASSERT_FALSE(saved);
  ASSERT_EQ(saved.error().faults.size(), 3U);
  std::map<std::string, std::string> messages;
  for (const auto& fault : saved.error().faults) {
    EXPECT_EQ(fault.code, "command_policy");
    messages[fault.pointer] = fault.message;
  }
  EXPECT_TRUE(messages["/blocks/0/config/command"].starts_with("line 2, column 8: "));
  EXPECT_TRUE(messages["/blocks/1/config/argv/0"].starts_with("line 1, column 1: "));
  EXPECT_TRUE(messages.contains("/blocks/2/config/allow/0"));
}

TEST(CommandPolicy, KeepsAllowWithTheVersion) {
  const auto document = boost::json::parse(R"({"title": "t", "blocks": [{"name": "a", "type": "command",
      "config": {"command": "a > /etc/x", "allow": ["write:/etc", "pipe"]}}]})");
  const auto runbook = judge_runbook(document, [] { return Uuid{}; });
  ASSERT_TRUE(runbook);
  const auto& config = std::get<CommandConfig>(runbook->blocks.front().config);
  EXPECT_EQ(config.allow, (Words{"write:/etc", "pipe"}));
  EXPECT_EQ(to_json(*runbook).at("blocks").at(0).at("config").at("allow"),
            boost::json::array({"write:/etc", "pipe"}));
  const auto wrong = boost::json::parse(R"({"title": "t", "blocks": [{"name": "a", "type": "command",
      "config": {"command": "a", "allow": ["write:etc", "|"]}}]})");
  const auto judged = judge_runbook(wrong, [] { return Uuid{}; });
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().faults.size(), 2U);
}

}  // namespace
}  // namespace runbook::domain
