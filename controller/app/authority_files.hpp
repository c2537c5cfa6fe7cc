// The fleet's authority as PEM files, until `serve` keeps it in PostgreSQL.
#pragma once

#include <optional>
#include <string>

#include "certs/authority.hpp"
#include "controller/app/data_folder.hpp"
#include "controller/app/settings.hpp"

namespace runbook::app {

// DIR/private/ca.crt and ca.key, made when they are missing.
certs::FleetAuthority authority_of(const DataFolder& folder);

// From the files that settings name. Throws SettingsError.
certs::FleetAuthority authority_from(const std::string& certificate_file, const std::string& key_file);

// The certificates of the settings' authorities, or of those of the `dev` on the data folder.
std::string authority_certificate(const Settings& settings);

// A whole file of a setting. Throws SettingsError that names both.
std::string read_setting_file(const std::string& setting, const std::string& file);

}  // namespace runbook::app
