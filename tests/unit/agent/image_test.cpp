#include "agent/runner/image.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "protocol/messages/limits.hpp"

namespace runbook::runner {
namespace {

using Words = std::vector<std::string>;

Command script(Words shell, std::string text) {
  Command command;
  command.argv = std::move(shell);
  command.script = std::move(text);
  return command;
}

TEST(Image, PutsTheScriptBehindTheShellsOptions) {
  EXPECT_EQ(arguments(script({"/bin/sh"}, "echo"), ""), (Words{"/bin/sh", "-c", "echo"}));
  EXPECT_EQ(arguments(script({"/bin/sh", "-c"}, "echo"), ""), (Words{"/bin/sh", "-c", "echo"}));
  EXPECT_EQ(arguments(script({"bash", "-euo", "pipefail", "-c"}, "echo"), ""),
            (Words{"bash", "-euo", "pipefail", "-c", "echo"}));
  EXPECT_EQ(arguments(script({"python3", "-c"}, "print(1)"), ""), (Words{"python3", "-c", "print(1)"}));
}

TEST(Image, LetsShellsSourceAFileAndOthersRunIt) {
  EXPECT_EQ(arguments(script({"/bin/sh"}, "echo"), "/t/it's"), (Words{"/bin/sh", "-c", ". '/t/it'\\''s'"}));
  EXPECT_EQ(arguments(script({"bash", "-e", "-c"}, "echo"), "/t/s"), (Words{"bash", "-e", "-c", ". '/t/s'"}));
  EXPECT_EQ(arguments(script({"python3", "-c"}, "print(1)"), "/t/s"), (Words{"python3", "/t/s"}));
  EXPECT_EQ(arguments(script({"python3"}, "print(1)"), "/t/s"), (Words{"python3", "/t/s"}));
}

TEST(Image, LeavesPlainArgumentsAlone) {
  EXPECT_EQ(arguments(script({"ls", "-c"}, ""), ""), (Words{"ls", "-c"}));
}

TEST(Image, TakesAFileForScriptsOneByteOverTheLimit) {
  EXPECT_FALSE(needs_script_file(script({"sh"}, std::string(limits::kInlineScriptBytes, 'x'))));
  EXPECT_TRUE(needs_script_file(script({"sh"}, std::string(limits::kInlineScriptBytes + 1, 'x'))));
}

TEST(Image, LooksForProgramsOnThePathOfTheCommand) {
  Command command = script({"tool"}, "");
  command.environment["PATH"] = "/a::/b";
  const Account account;
  EXPECT_EQ(make_image(command, account, "", "").programs, (Words{"/a/tool", "/b/tool"}));
  command.argv = {"./tool"};
  EXPECT_EQ(make_image(command, account, "", "").programs, Words{"./tool"});
}

TEST(Image, MayMissTheHomeButNotADirectoryThatWasAskedFor) {
  Account account;
  account.home = "/home/nobody";
  Command command = script({"true"}, "");
  EXPECT_EQ(make_image(command, account, "", "").directory, "/home/nobody");
  EXPECT_TRUE(make_image(command, account, "", "").directory_may_fail);
  command.working_directory = "/srv";
  EXPECT_EQ(make_image(command, account, "", "").directory, "/srv");
  EXPECT_FALSE(make_image(command, account, "", "").directory_may_fail);
}

}  // namespace
}  // namespace runbook::runner
