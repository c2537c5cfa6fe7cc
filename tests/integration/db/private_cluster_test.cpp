#include "db/private_cluster.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "db/cluster_files.hpp"

namespace runbook::db {
namespace {

namespace fs = std::filesystem;

// A folder as mktemp makes it: mode 0700, so that "postgres" cannot enter it when the tests run as root.
class PrivateClusterTest : public ::testing::Test {
 protected:
  PrivateClusterTest() {
    std::string name = (fs::temp_directory_path() / "runbook-cluster-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    settings_ = {.data = folder_ / "postgres",
                 .run_file = folder_ / "postgres.run",
                 .log_file = folder_ / "postgres.log",
                 .durable = false};
  }
  ~PrivateClusterTest() override {
    if (running_postmaster(settings_)) PrivateCluster::start(settings_).stop();
    fs::remove_all(folder_);
  }

  static int ask(const PrivateCluster& cluster) {
    pqxx::connection session{cluster.url()};
    pqxx::nontransaction work{session};
    return work.exec("SELECT 41 + 1")[0][0].as<int>();
  }

  fs::path socket_folder() const { return running_postmaster(settings_).value().socket_folder; }

  fs::path folder_;
  ClusterSettings settings_;
};

TEST_F(PrivateClusterTest, StartsInAClosedFolderAndLeavesItsMode) {
  auto cluster = PrivateCluster::start(settings_);
  EXPECT_FALSE(cluster.adopted());
  EXPECT_EQ(ask(cluster), 42);
  struct stat facts{};
  ASSERT_EQ(stat(folder_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0700U);
  ASSERT_EQ(stat(socket_folder().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0700U);
}

TEST_F(PrivateClusterTest, StopLeavesNoProcessAndNoSocket) {
  auto cluster = PrivateCluster::start(settings_);
  const auto sockets = socket_folder();
  EXPECT_TRUE(fs::exists(sockets));
  cluster.stop();
  EXPECT_FALSE(cluster.running());
  EXPECT_FALSE(fs::exists(sockets));
  EXPECT_FALSE(fs::exists(settings_.run_file));
  cluster.stop();
}

TEST_F(PrivateClusterTest, IsAdoptedByTheNextStarter) {
  const auto first = PrivateCluster::start(settings_);
  auto second = PrivateCluster::start(settings_);
  EXPECT_TRUE(second.adopted());
  EXPECT_EQ(second.process(), first.process());
  EXPECT_EQ(ask(second), 42);
  second.stop();
  EXPECT_FALSE(first.running());
}

TEST_F(PrivateClusterTest, IsAdoptedWithoutItsRunFile) {
  const auto first = PrivateCluster::start(settings_);
  fs::remove(settings_.run_file);
  const auto second = PrivateCluster::start(settings_);
  EXPECT_TRUE(second.adopted());
  EXPECT_EQ(second.process(), first.process());
}

TEST_F(PrivateClusterTest, StartsAgainAfterItsPostmasterWasKilled) {
  const auto first = PrivateCluster::start(settings_);
  pqxx::connection session{first.url()};  // keeps a worker for a moment
  ASSERT_TRUE(first.process().send_signal(SIGKILL));
  ASSERT_TRUE(first.process().wait_for_end(std::chrono::seconds{5}));
  const auto second = PrivateCluster::start(settings_);
  EXPECT_FALSE(second.adopted());
  EXPECT_EQ(ask(second), 42);
}

TEST_F(PrivateClusterTest, StartsAgainWhenTheOldPidNowIsAnotherProcess) {
  PrivateCluster::start(settings_).stop();
  std::ofstream{settings_.data / "postmaster.pid"} << getpid() << "\n"
                                                   << settings_.data.string() << "\n1\n5432\n";
  auto cluster = PrivateCluster::start(settings_);
  EXPECT_FALSE(cluster.adopted());
  EXPECT_EQ(ask(cluster), 42);
}

TEST_F(PrivateClusterTest, AServerWithoutItsSocketIsReplaced) {
  const auto first = PrivateCluster::start(settings_);
  fs::remove_all(socket_folder());
  auto second = PrivateCluster::start(settings_);
  EXPECT_FALSE(second.adopted());
  EXPECT_FALSE(first.running());
  EXPECT_EQ(ask(second), 42);
}

TEST_F(PrivateClusterTest, AnInterruptedInitdbIsDoneAgain) {
  fs::create_directory(settings_.data.string() + ".new");
  std::ofstream{settings_.data.string() + ".new/PG_VERSION"} << "15\n";
  auto cluster = PrivateCluster::start(settings_);
  EXPECT_EQ(ask(cluster), 42);
}

TEST_F(PrivateClusterTest, AFolderOfSomethingElseIsRefusedInOneSentence) {
  fs::create_directory(settings_.data);
  std::ofstream{settings_.data / "letter.txt"} << "hello";
  try {
    PrivateCluster::start(settings_);
    FAIL() << "started in a folder with a letter in it";
  } catch (const ClusterError& error) {
    EXPECT_NE(std::string{error.what()}.find("not a PostgreSQL data folder"), std::string::npos)
        << error.what();
  }
}

TEST_F(PrivateClusterTest, AMissingMajorVersionNamesThePackage) {
  try {
    postgres_programs(14);
    if (access("/usr/lib/postgresql/14/bin/postgres", X_OK) == 0) GTEST_SKIP();
  } catch (const ClusterError& error) {
    EXPECT_NE(std::string{error.what()}.find("postgresql-14"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace runbook::db
