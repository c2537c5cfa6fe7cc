// Starts and stops the PostgreSQL cluster of one test run: test_cluster start|stop FOLDER
#include <cstdio>
#include <cstring>
#include <exception>

#include "db/cluster_files.hpp"
#include "tests/support/cluster.hpp"

int main(int count, char** arguments) {
  using namespace runbook;
  if (count != 3) {
    std::fputs("usage: test_cluster start|stop FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder{arguments[2]};
  try {
    if (std::strcmp(arguments[1], "start") == 0) {
      testing::start_cluster(folder);
    } else if (db::running_postmaster(testing::cluster_settings(folder))) {
      db::PrivateCluster::start(testing::cluster_settings(folder)).stop();
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
