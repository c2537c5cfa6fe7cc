#include "tests/support/cluster.hpp"

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "db/application_role.hpp"
#include "db/cluster_files.hpp"
#include "db/migrator.hpp"

#include <pqxx/pqxx>

namespace runbook::testing {
namespace {

namespace fs = std::filesystem;

// A cluster that lives as long as this program.
class OwnCluster {
 public:
  OwnCluster() {
    std::string name = (fs::temp_directory_path() / "runbook-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    cluster_ = std::make_unique<db::PrivateCluster>(start_cluster(folder_));
  }
  OwnCluster(const OwnCluster&) = delete;
  OwnCluster& operator=(const OwnCluster&) = delete;
  ~OwnCluster() {
    cluster_->stop();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  std::string url(const std::string& database, ClusterRole role) const {
    return role == ClusterRole::kOwner ? cluster_->url(database) : cluster_->application_url(database);
  }

 private:
  fs::path folder_;
  std::unique_ptr<db::PrivateCluster> cluster_;
};

}  // namespace

db::ClusterSettings cluster_settings(const fs::path& folder) {
  return {.data = folder / "data",
          .run_file = folder / "postgres.run",
          .log_file = folder / "postgres.log",
          .durable = false};
}

db::PrivateCluster start_cluster(const fs::path& folder) {
  if (const auto old = db::running_postmaster(cluster_settings(folder))) {
    db::PrivateCluster::start(cluster_settings(folder)).stop();  // left by a run that was killed
  }
  fs::remove_all(folder);
  fs::create_directories(folder);
  auto cluster = db::PrivateCluster::start(cluster_settings(folder));
  pqxx::connection session{cluster.url("postgres")};
  pqxx::nontransaction work{session};
  work.exec(std::string{"CREATE DATABASE "} + kTemplate);
  db::migrate(cluster.url(kTemplate));
  db::grant_application(cluster.url(kTemplate), db::kApplicationRole);
  return cluster;
}

std::string cluster_url(const std::string& database, ClusterRole role) {
  const char* folder = std::getenv(kClusterVariable);  // NOLINT(concurrency-mt-unsafe)
  if (folder == nullptr) {
    static const OwnCluster own;
    return own.url(database, role);
  }
  static const auto record = db::running_postmaster(cluster_settings(folder));
  if (!record) throw std::runtime_error("the test cluster is not running");
  const std::string user = role == ClusterRole::kOwner ? "runbook" : db::kApplicationRole;
  return "host=" + record->socket_folder.string() + " user=" + user + " dbname=" + database;
}

}  // namespace runbook::testing
