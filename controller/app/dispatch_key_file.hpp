// The key that signs what agents are asked to run: one an installation, beside the authority's. Agents pin
// its public half when they are enrolled, so another key means to enrol them again. Files and settings.
#pragma once

#include "controller/app/data_folder.hpp"
#include "controller/app/settings.hpp"
#include "protocol/messages/dispatch_signature.hpp"

namespace runbook::app {

// DIR/private/dispatch.key, made when it is missing. Throws DataFolderError when it cannot be used.
DispatchKey keep_dispatch_key(const DataFolder& folder);

// The one of the settings. Throws SettingsError when it is missing or wrong.
DispatchKey dispatch_key_from(const Settings& settings);

}  // namespace runbook::app
