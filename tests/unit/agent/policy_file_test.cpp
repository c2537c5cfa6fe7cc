#include "agent/policy/policy_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "protocol/messages/limits.hpp"

namespace runbook::policy {
namespace {

class PolicyFile : public testing::Test {
 protected:
  PolicyFile() {
    std::string path = std::filesystem::temp_directory_path() / "runbook-policy-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = path;
    file_ = folder_ / "agent.yaml";
    write("read_only: true\n");
  }
  ~PolicyFile() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  void write(const std::string& text) const {
    std::ofstream(file_, std::ios::trunc) << text;
    ::chmod(file_.c_str(), 0644);
  }
  Result<HostPolicy> load() const { return load_policy(file_, true); }
  std::string refused() const {
    const auto policy = load();
    return policy ? "" : policy.error().message;
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

TEST_F(PolicyFile, IsReadWhereItLies) {
  const auto policy = load();
  ASSERT_TRUE(policy);
  EXPECT_TRUE(policy->read_only);
  EXPECT_EQ(policy->file, file_);
}

TEST_F(PolicyFile, IsRefusedWhenOthersMayWriteToIt) {
  for (const mode_t mode : {0664U, 0646U, 0666U, 0622U}) {
    ::chmod(file_.c_str(), mode);
    EXPECT_NE(refused().find("is not trusted"), std::string::npos) << mode;
  }
  ::chmod(file_.c_str(), 0600);
  EXPECT_EQ(refused(), "");
  for (const mode_t mode : {0770U, 0707U, 01777U}) {
    ::chmod(folder_.c_str(), mode);
    EXPECT_NE(refused().find("is not trusted"), std::string::npos) << mode;
  }
  ::chmod(folder_.c_str(), 0700);
  EXPECT_EQ(refused(), "");
}

TEST_F(PolicyFile, IsRefusedWhenItIsAnothersOrNoFile) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(file_.c_str(), 65534, 0), 0);
  EXPECT_NE(refused().find("is not trusted"), std::string::npos);
  ASSERT_EQ(::chown(file_.c_str(), 0, 0), 0);
  ASSERT_EQ(::chown(folder_.c_str(), 65534, 0), 0);
  EXPECT_NE(refused().find("is not trusted"), std::string::npos);
  ASSERT_EQ(::chown(folder_.c_str(), 0, 0), 0);
  std::filesystem::rename(file_, folder_ / "other.yaml");
  std::filesystem::create_symlink(folder_ / "other.yaml", file_);
  EXPECT_NE(refused().find("cannot be read"), std::string::npos);
  std::filesystem::remove(file_);
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_NE(refused().find("is not trusted"), std::string::npos);
}

TEST_F(PolicyFile, MayBeMissingOnlyWhereNobodyNamedIt) {
  std::filesystem::remove(file_);
  EXPECT_NE(refused().find("cannot be read"), std::string::npos);
  const auto none = load_policy(file_, false);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->read_only);
}

TEST_F(PolicyFile, HasAnEnd) {
  const std::string head = "read_only: true\n#";
  write(head + std::string(limits::kHostPolicyBytes - head.size(), 'x'));
  EXPECT_EQ(refused(), "");
  write(head + std::string(limits::kHostPolicyBytes - head.size() + 1, 'x'));
  EXPECT_NE(refused().find("is longer than"), std::string::npos);
}

}  // namespace
}  // namespace runbook::policy
