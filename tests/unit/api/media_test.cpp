#include "controller/api/media.hpp"

#include <gtest/gtest.h>

namespace runbook::api {
namespace {

bool yaml(std::vector<std::string> accept) {
  http::Request request;
  for (auto& value : accept) request.headers.emplace_back("accept", std::move(value));
  return prefers_yaml(request);
}

TEST(Media, JsonIsAnsweredUnlessYamlIsPreferred) {
  EXPECT_FALSE(yaml({}));
  EXPECT_FALSE(yaml({"*/*"}));
  EXPECT_FALSE(yaml({"application/*"}));
  EXPECT_FALSE(yaml({"application/json"}));
  EXPECT_FALSE(yaml({"text/html"}));
  EXPECT_FALSE(yaml({"application/json, application/yaml"}));
  EXPECT_FALSE(yaml({"application/yaml;q=0"}));
  EXPECT_FALSE(yaml({"application/yaml;q=0.5, */*"}));
  EXPECT_FALSE(yaml({"application/yaml;q=2, application/json;q=0.1"}));
  EXPECT_TRUE(yaml({"application/yaml"}));
  EXPECT_TRUE(yaml({"Application/YAML"}));
  EXPECT_TRUE(yaml({"application/yaml, */*;q=0.1"}));
  EXPECT_TRUE(yaml({"application/json;q=0.5, application/yaml"}));
  EXPECT_TRUE(yaml({"application/json ; q=0.5", "application/yaml; q=0.6"}));
  EXPECT_TRUE(yaml({"*/*, application/json;q=0"}));
}

TEST(Media, ATypeMayCarryItsCharset) {
  EXPECT_TRUE(is_media_type("application/yaml", kYaml));
  EXPECT_TRUE(is_media_type("Application/Yaml ; charset=\"UTF-8\"", kYaml));
  EXPECT_TRUE(is_media_type("application/json;charset=utf-8", kJson));
  EXPECT_FALSE(is_media_type("application/yaml; charset=latin1", kYaml));
  EXPECT_FALSE(is_media_type("application/yamlx", kYaml));
  EXPECT_FALSE(is_media_type("", kJson));
}

}  // namespace
}  // namespace runbook::api
