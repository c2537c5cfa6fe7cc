#include "controller/app/data_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <optional>

namespace runbook::app {
namespace {

namespace fs = std::filesystem;

class DataFolderTest : public ::testing::Test {
 protected:
  DataFolderTest() {
    std::string name = (fs::temp_directory_path() / "runbook-data-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~DataFolderTest() override { fs::remove_all(root_); }

  static unsigned mode(const fs::path& path) {
    struct stat facts{};
    return stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777U : 0;
  }

  static std::string refusal(const fs::path& root) {
    try {
      DataFolder::open(root);
      return "";
    } catch (const DataFolderError& error) {
      return error.what();
    }
  }

  fs::path root_;
};

TEST_F(DataFolderTest, KeepsItsOwnModeAndClosesItsSecrets) {
  fs::permissions(root_, fs::perms{0751});
  const auto folder = DataFolder::open(root_);
  EXPECT_EQ(mode(root_), 0751U);
  EXPECT_EQ(mode(root_ / "private"), 0700U);
  folder.write_secret("admin.key", "secret\n");
  EXPECT_EQ(mode(root_ / "admin.key"), 0600U);
  EXPECT_EQ(folder.read("admin.key"), "secret\n");
  EXPECT_EQ(folder.read("nothing"), std::nullopt);
}

TEST_F(DataFolderTest, IsHeldByOneAtATime) {
  std::optional<DataFolder> first{DataFolder::open(root_)};
  const auto message = refusal(root_);
  EXPECT_NE(message.find("in use by another runbook-controller dev"), std::string::npos) << message;
  EXPECT_NE(message.find(root_.string()), std::string::npos) << message;
  first.reset();
  EXPECT_EQ(refusal(root_), "");
}

TEST_F(DataFolderTest, MakesItsParents) {
  const auto folder = DataFolder::open(root_ / "a/b/");
  EXPECT_EQ(folder.root(), root_ / "a/b");
  EXPECT_TRUE(fs::is_directory(root_ / "a/b/log"));
}

TEST_F(DataFolderTest, ThatCannotBeMadeIsToldByName) {
  std::ofstream{root_ / "file"} << "x";
  const auto message = refusal(root_ / "file/data");
  EXPECT_NE(message.find((root_ / "file/data").string() + " cannot be written"), std::string::npos)
      << message;
}

TEST_F(DataFolderTest, ASecretIsReplacedWhole) {
  const auto folder = DataFolder::open(root_);
  folder.write_secret("admin.key", "a longer first secret");
  folder.write_secret("admin.key", "second");
  EXPECT_EQ(folder.read("admin.key"), "second");
  EXPECT_FALSE(fs::exists(root_ / "admin.key.new"));
}

}  // namespace
}  // namespace runbook::app
