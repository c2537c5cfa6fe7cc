#include "controller/app/audit_files.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "controller/store/audit_chain.hpp"

namespace runbook::app {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class AuditFilesTest : public ::testing::Test {
 protected:
  AuditFilesTest() {
    std::string name = (fs::temp_directory_path() / "runbook-data-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~AuditFilesTest() override { fs::remove_all(root_); }

  Settings settings(const std::string& key) {
    std::ofstream(root_ / "key") << key;
    Settings settings;
    settings.audit_key_file = root_ / "key";
    settings.audit_checkpoint_file = root_ / "checkpoints";
    return settings;
  }

  static std::string refusal(const Settings& settings) {
    try {
      audit_files_from(settings);
      return "";
    } catch (const SettingsError& error) {
      return error.what();
    }
  }

  fs::path root_;
};

TEST_F(AuditFilesTest, DevMakesAKeyOnceAndKeepsItToItself) {
  const auto folder = DataFolder::open(root_ / "dev");
  const auto first = keep_audit_files(folder);
  EXPECT_EQ(first.key.size(), store::kAuditKeyBytes);
  EXPECT_EQ(keep_audit_files(folder).key, first.key);
  EXPECT_EQ(first.checkpoints, folder.in("audit-checkpoints.jsonl"));
  struct stat facts{};
  ASSERT_EQ(stat(folder.in("private/audit.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
  EXPECT_EQ(audit_files_of({}, folder.root()).key, first.key);
  const auto other = DataFolder::open(root_ / "other");
  EXPECT_NE(keep_audit_files(other).key, first.key);
}

TEST_F(AuditFilesTest, DevDoesNotReplaceAKeyThatIsBroken) {
  const auto folder = DataFolder::open(root_ / "dev");
  folder.write_secret("private/audit.key", "short\n");
  EXPECT_THROW(keep_audit_files(folder), DataFolderError);
  EXPECT_EQ(folder.read("private/audit.key"), "short\n");
}

TEST_F(AuditFilesTest, AKeyIsSixtyFourHexDigits) {
  const std::string good(64, 'a');
  for (const auto& text : {good, good + "\n", good + "\r\n", std::string(64, 'F')}) {
    EXPECT_EQ(refusal(settings(text)), "") << text;
  }
  EXPECT_EQ(audit_files_from(settings(good)).key, std::string(32, '\xaa'));
  for (const auto& text : {std::string(), good + "a", good.substr(1), good.substr(1) + "g",
                           " " + good.substr(1), good + " ", "0x" + good.substr(2), "-" + good.substr(1)}) {
    EXPECT_THAT(refusal(settings(text)), HasSubstr("64 hex digits")) << text;
  }
}

TEST_F(AuditFilesTest, ServeDoesNotStartWithoutThem) {
  EXPECT_THAT(refusal(Settings{}), HasSubstr("audit_key_file"));
  auto half = settings(std::string(64, 'a'));
  half.audit_checkpoint_file.clear();
  EXPECT_THAT(refusal(half), HasSubstr("audit_checkpoint_file"));
  auto gone = settings(std::string(64, 'a'));
  gone.audit_key_file = root_ / "nothing";
  EXPECT_THAT(refusal(gone), HasSubstr("cannot be read"));
  EXPECT_THROW(audit_files_of({}, root_), SettingsError);
}

}  // namespace
}  // namespace runbook::app
