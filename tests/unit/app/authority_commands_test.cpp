#include "controller/app/authority_commands.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "controller/app/authority_files.hpp"

namespace runbook::app {
namespace {

class AuthorityCommandsTest : public testing::Test {
 protected:
  AuthorityCommandsTest() {
    std::string pattern = testing::TempDir() + "/authority-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~AuthorityCommandsTest() override { std::filesystem::remove_all(folder_); }

  AuthorityOrder order(const std::string& name) const {
    return {(folder_ / (name + ".crt")).string(), (folder_ / (name + ".key")).string()};
  }
  static std::string contents(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static mode_t mode(const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
  }

  std::filesystem::path folder_;
};

TEST_F(AuthorityCommandsTest, MakeAnAuthorityThatCanBeUsed) {
  const auto made = order("next");
  EXPECT_EQ(run_authority_create(made), 0);
  EXPECT_EQ(mode(made.key), 0600U);
  EXPECT_EQ(authority_from(made.certificate, made.key).trusted_sha256().size(), 1U);
}

TEST_F(AuthorityCommandsTest, OverwriteNothing) {
  const auto made = order("next");
  ASSERT_EQ(run_authority_create(made), 0);
  const auto key = contents(made.key);
  EXPECT_THROW(run_authority_create(made), SettingsError);
  EXPECT_THROW(run_authority_create({order("other").certificate, made.key}), SettingsError);
  EXPECT_EQ(contents(made.key), key);
}

// The settings of each step of a rollover.
TEST_F(AuthorityCommandsTest, AFileOfSeveralAuthoritiesIssuesWithTheFirst) {
  const auto old = order("old");
  const auto next = order("next");
  ASSERT_EQ(run_authority_create(old), 0);
  ASSERT_EQ(run_authority_create(next), 0);
  const auto both = (folder_ / "both.crt").string();
  std::ofstream(both) << contents(old.certificate) << contents(next.certificate);
  EXPECT_EQ(authority_from(both, old.key).sha256(), authority_from(old.certificate, old.key).sha256());
  EXPECT_EQ(authority_from(both, old.key).trusted_sha256().size(), 2U);
  EXPECT_THROW(authority_from(both, next.key), SettingsError);
  std::ofstream(both) << contents(next.certificate) << contents(old.certificate);
  EXPECT_EQ(authority_from(both, next.key).sha256(), authority_from(next.certificate, next.key).sha256());
}

}  // namespace
}  // namespace runbook::app
