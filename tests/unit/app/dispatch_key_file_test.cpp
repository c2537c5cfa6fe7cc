#include "controller/app/dispatch_key_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

namespace runbook::app {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class DispatchKeyFileTest : public ::testing::Test {
 protected:
  DispatchKeyFileTest() {
    std::string name = (fs::temp_directory_path() / "runbook-data-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~DispatchKeyFileTest() override { fs::remove_all(root_); }

  std::string refusal(const std::string& text) {
    std::ofstream(root_ / "key") << text;
    Settings settings;
    settings.dispatch_key_file = root_ / "key";
    try {
      dispatch_key_from(settings);
      return "";
    } catch (const SettingsError& error) {
      return error.what();
    }
  }

  fs::path root_;
};

TEST_F(DispatchKeyFileTest, DevMakesAKeyOnceAndKeepsItToItself) {
  const auto folder = DataFolder::open(root_ / "dev");
  const auto first = keep_dispatch_key(folder);
  EXPECT_EQ(keep_dispatch_key(folder).public_key(), first.public_key());
  struct stat facts{};
  ASSERT_EQ(stat(folder.in("private/dispatch.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
  const auto other = DataFolder::open(root_ / "other");
  EXPECT_NE(keep_dispatch_key(other).public_key(), first.public_key());
}

TEST_F(DispatchKeyFileTest, DevDoesNotReplaceAKeyThatIsBroken) {
  const auto folder = DataFolder::open(root_ / "dev");
  keep_dispatch_key(folder);
  std::ofstream(folder.in("private/dispatch.key"), std::ios::trunc) << "no key";
  EXPECT_THROW(keep_dispatch_key(folder), DataFolderError);
}

TEST_F(DispatchKeyFileTest, ServeNeedsOneThatIsThere) {
  EXPECT_THROW(dispatch_key_from({}), SettingsError);
  EXPECT_THAT(refusal("no key"), HasSubstr("is not a private Ed25519 key"));
  const auto key = DispatchKey::create();
  EXPECT_EQ(refusal(key.pem()), "");
  Settings settings;
  settings.dispatch_key_file = root_ / "key";
  EXPECT_EQ(dispatch_key_from(settings).public_key(), key.public_key());
}

}  // namespace
}  // namespace runbook::app
