#include "controller/app/settings.hpp"

#include <gtest/gtest.h>

namespace runbook::app {
namespace {

template <class F>
std::string refusal(F&& action) {
  try {
    action();
    return "";
  } catch (const SettingsError& error) {
    return error.what();
  }
}

TEST(Settings, FlagsWinOverTheEnvironmentAndThatOverTheFile) {
  const std::vector<SettingSource> sources = {
      {"x.yaml", {{"listen", "10.0.0.1:1"}, {"agent_listen", "10.0.0.1:2"}, {"log_level", "debug"}}},
      {"the environment", {{"listen", "10.0.0.2:1"}, {"agent_listen", "10.0.0.2:2"}}},
      {"the command line", {{"listen", "10.0.0.3:1"}}}};
  const auto settings = resolve_settings(sources);
  EXPECT_EQ(settings.listen.str(), "10.0.0.3:1");
  EXPECT_EQ(settings.agent_listen.str(), "10.0.0.2:2");
  EXPECT_EQ(settings.log_level, "debug");
}

TEST(Settings, HaveTheContractsDefaults) {
  const auto settings = resolve_settings({});
  EXPECT_EQ(settings.listen.str(), "127.0.0.1:8080");
  EXPECT_EQ(settings.agent_listen.str(), "127.0.0.1:8443");
  EXPECT_EQ(settings.local_agents, 2U);
}

TEST(Settings, AWrongValueNamesSettingPlaceAndValue) {
  const auto message = refusal([] { resolve_settings({{"the environment", {{"local_agents", "many"}}}}); });
  EXPECT_NE(message.find("local_agents in the environment"), std::string::npos) << message;
  EXPECT_NE(message.find("\"many\""), std::string::npos) << message;
}

TEST(Settings, EveryNameIsReadFromTheEnvironment) {
  const auto values = settings_from_environment(
      {{"RUNBOOK_DATABASE_URL", "postgresql://db"}, {"RUNBOOK_SOMETHING_ELSE", "x"}, {"DATABASE_URL", "y"}});
  EXPECT_EQ(values, (RawSettings{{"database_url", "postgresql://db"}}));
}

TEST(Settings, AFileIsAMapOfSingleValues) {
  EXPECT_EQ(settings_from_yaml("listen: 127.0.0.1:1\nlocal_agents: 3\n", "x.yaml"),
            (RawSettings{{"listen", "127.0.0.1:1"}, {"local_agents", "3"}}));
  EXPECT_TRUE(settings_from_yaml("# nothing\n", "x.yaml").empty());
}

TEST(Settings, AFaultInAFileNamesItsLine) {
  const auto unknown = refusal([] { settings_from_yaml("listen: a\nlisen: b\n", "x.yaml"); });
  EXPECT_NE(unknown.find("x.yaml line 2: there is no setting \"lisen\""), std::string::npos) << unknown;
  const auto list = refusal([] { settings_from_yaml("listen: [a]\n", "x.yaml"); });
  EXPECT_NE(list.find("line 1: listen must be a single value"), std::string::npos) << list;
  const auto broken = refusal([] { settings_from_yaml("listen: [a\n", "x.yaml"); });
  EXPECT_NE(broken.find("not YAML"), std::string::npos) << broken;
  EXPECT_FALSE(refusal([] { settings_from_yaml("- a\n", "x.yaml"); }).empty());
}

TEST(Settings, AllowedApiTargetsAreNetworks) {
  const auto resolved = [](const std::string& text) {
    return resolve_settings({{"the file", {{"allow_api_targets", text}}}}).allow_api_targets;
  };
  EXPECT_EQ(resolved("127.0.0.0/8,fd00::/8"), (std::vector<std::string>{"127.0.0.0/8", "fd00::/8"}));
  for (const auto* wrong :
       {"", "127.0.0.1", "127.0.0.0/33", "10.0.0.0/8,", "localhost/8", "10.0.0.0/8, ::1/128"}) {
    EXPECT_NE(refusal([&] { resolved(wrong); }).find("must be networks such as"), std::string::npos) << wrong;
  }
}

TEST(ListenAddress, IsAnAddressAndAPort) {
  EXPECT_EQ(parse_listen_address("0.0.0.0:443").str(), "0.0.0.0:443");
  EXPECT_EQ(parse_listen_address("[::1]:8080").str(), "[::1]:8080");
  EXPECT_EQ(parse_listen_address("127.0.0.1:0").port, 0);
  for (const auto* wrong :
       {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:1 ",
        "localhost:80", "::1:80", "[127.0.0.1]:80", "[::1]", "127.0.0.1:-1"}) {
    EXPECT_THROW(parse_listen_address(wrong), SettingsError) << wrong;
  }
}

TEST(ListenAddress, KnowsLoopback) {
  EXPECT_TRUE(parse_listen_address("127.0.0.1:1").is_loopback());
  EXPECT_TRUE(parse_listen_address("127.8.0.1:1").is_loopback());
  EXPECT_TRUE(parse_listen_address("[::1]:1").is_loopback());
  EXPECT_FALSE(parse_listen_address("0.0.0.0:1").is_loopback());
  EXPECT_FALSE(parse_listen_address("192.0.2.1:1").is_loopback());
}

}  // namespace
}  // namespace runbook::app
