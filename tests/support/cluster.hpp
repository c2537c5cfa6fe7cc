// The test run's PostgreSQL cluster: its folder and the migrated database that tests are copied from.
#pragma once

#include <filesystem>
#include <string>

#include "db/private_cluster.hpp"

namespace runbook::testing {

inline constexpr const char* kClusterVariable = "RUNBOOK_TEST_CLUSTER";  // folder of a running cluster
inline constexpr const char* kTemplate = "migrated";

db::ClusterSettings cluster_settings(const std::filesystem::path& folder);

// A new cluster in `folder` (what was there goes) with the migrated template in it.
db::PrivateCluster start_cluster(const std::filesystem::path& folder);

enum class ClusterRole { kOwner, kApplication };  // the database's owner, or who the controller signs in as

// libpq string of a database of the cluster of this test run.
std::string cluster_url(const std::string& database, ClusterRole role = ClusterRole::kOwner);

}  // namespace runbook::testing
