#include "protocol/runtime/detached_process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace runbook::runtime {
namespace {

namespace fs = std::filesystem;

class DetachedProcessTest : public ::testing::Test {
 protected:
  DetachedProcessTest() {
    std::string name = (fs::temp_directory_path() / "runbook-process-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~DetachedProcessTest() override { fs::remove_all(folder_); }

  ProgramStart shell(const std::string& script) const {
    ProgramStart start;
    start.program = "/bin/sh";
    start.arguments = {"-c", script};
    start.environment = {{"PATH", "/usr/bin:/bin"}, {"WORD", "given"}};
    start.log_file = folder_ / "log";
    return start;
  }

  std::string log() const {
    std::ifstream file{folder_ / "log"};
    return {std::istreambuf_iterator<char>{file}, {}};
  }

  fs::path folder_;
};

TEST_F(DetachedProcessTest, RunsWithTheGivenEnvironmentAlone) {
  setenv("RUNBOOK_TEST_LEAK", "secret", 1);  // NOLINT(concurrency-mt-unsafe)
  EXPECT_EQ(run_to_end(shell("echo $WORD; env | grep -c LEAK; exit 3")), 3);
  EXPECT_EQ(log(), "given\n0\n");
}

TEST_F(DetachedProcessTest, InheritsNoDescriptor) {
  const int open_here = dup(1);  // without CLOEXEC
  EXPECT_EQ(run_to_end(shell("ls /proc/self/fd | wc -l")), 0);
  ::close(open_here);
  EXPECT_EQ(log(), "4\n");  // 0, 1, 2 and the folder that ls reads
}

TEST_F(DetachedProcessTest, HandsAFolderOver) {
  auto start = shell("ls /proc/self/fd/4");
  std::ofstream{folder_ / "inside"} << "x";
  start.held_folder = folder_;
  EXPECT_EQ(run_to_end(start), 0);
  EXPECT_EQ(log(), "inside\nlog\n");
}

TEST_F(DetachedProcessTest, LeadsASessionOfItsOwn) {
  const auto process = start_detached(shell("exec sleep 1000"));
  ASSERT_TRUE(process.alive());
  EXPECT_EQ(getsid(process.pid), process.pid);
  EXPECT_TRUE(process.send_signal(SIGTERM));
  EXPECT_TRUE(process.wait_for_end(std::chrono::seconds{10}));
}

TEST_F(DetachedProcessTest, TheLogIsForItsOwnerOnly) {
  EXPECT_EQ(run_to_end(shell("echo x")), 0);
  struct stat facts{};
  ASSERT_EQ(stat((folder_ / "log").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0600U);
}

TEST_F(DetachedProcessTest, AMissingProgramAndAMissingLogFolderAreToldByName) {
  auto start = shell("");
  start.program = "/nonexistent/program";
  try {
    start_detached(start);
    FAIL() << "started";
  } catch (const StartFailed& error) {
    EXPECT_NE(std::string{error.what()}.find("/nonexistent/program cannot be started"), std::string::npos);
  }
  start.log_file = "/nonexistent/log";
  EXPECT_THROW(start_detached(start), StartFailed);
}

}  // namespace
}  // namespace runbook::runtime
