#include "db/cluster_files.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace runbook::db {
namespace {

namespace fs = std::filesystem;

class ClusterFilesTest : public ::testing::Test {
 protected:
  ClusterFilesTest() {
    std::string name = (fs::temp_directory_path() / "runbook-files-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    settings_ = {.data = folder_ / "data", .run_file = folder_ / "run", .log_file = folder_ / "log"};
    fs::create_directory(settings_.data);
  }
  ~ClusterFilesTest() override { fs::remove_all(folder_); }

  fs::path folder_;
  ClusterSettings settings_;
};

TEST_F(ClusterFilesTest, ARecordOfAnEndedProcessIsNoRunningServer) {
  write_run_record(settings_.run_file,
                   {runtime::ProcessIdentity{getpid(), 1, "another-boot"}, "/tmp/rbs-none"});
  EXPECT_FALSE(running_postmaster(settings_).has_value());
}

TEST_F(ClusterFilesTest, ARecordOfALivingProcessIsIt) {
  const auto self = *runtime::ProcessIdentity::of(getpid());
  write_run_record(settings_.run_file, {self, "/tmp/rbs-none"});
  const auto record = running_postmaster(settings_);
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->process, self);
  EXPECT_EQ(record->socket_folder, "/tmp/rbs-none");
}

TEST_F(ClusterFilesTest, APostmasterFileOfAnotherProgramIsStale) {
  std::ofstream{settings_.data / "postmaster.pid"} << getpid() << "\n/data\n1\n5432\n/tmp/rbs-none\n";
  EXPECT_FALSE(running_postmaster(settings_).has_value());
  remove_stale_lock(settings_.data);
  EXPECT_FALSE(fs::exists(settings_.data / "postmaster.pid"));
}

TEST_F(ClusterFilesTest, VersionIsThatOfTheDataFolder) {
  EXPECT_EQ(cluster_version(settings_.data), std::nullopt);
  std::ofstream{settings_.data / "PG_VERSION"} << "15\n";
  EXPECT_EQ(cluster_version(settings_.data), 15);
}

TEST_F(ClusterFilesTest, TheReasonIsTheLastFatalLineOfThisStart) {
  std::ofstream{settings_.log_file} << "2026 FATAL:  old reason\n";
  const auto from = file_size_or_zero(settings_.log_file);
  EXPECT_EQ(last_fatal_line(settings_.log_file, from), "it ended without a word");
  std::ofstream{settings_.log_file, std::ios::app} << "2026 FATAL:  new reason\n2026 LOG:  shutting down\n";
  EXPECT_EQ(last_fatal_line(settings_.log_file, from), "new reason");
}

TEST_F(ClusterFilesTest, OnlySocketFoldersOfOursAreRemoved) {
  remove_socket_folder(folder_);
  EXPECT_TRUE(fs::exists(folder_));
  const auto sockets = make_socket_folder({});
  EXPECT_LT((sockets / ".s.PGSQL.5432").string().size(), 107U);
  remove_socket_folder(sockets);
  EXPECT_FALSE(fs::exists(sockets));
}

}  // namespace
}  // namespace runbook::db
