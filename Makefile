# Every chore of the project, one target each; `make help` lists them.
# Nothing but Go, git and make is needed, except where a target says so.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty)
IMG ?= plesk-operator:$(VERSION)
TEST_TIMEOUT ?= 75m
# 0 means a random one.
CHAOS_SEED ?= 0
BENCH_OBJECTS ?= 5000

# The tools are modules of their own, so that their requirements never reach the product's go.mod.
tool = go tool -modfile=hack/tools/$(1)/go.mod $(1)
CONTROLLER_GEN = $(call tool,controller-gen)
CRD_REF_DOCS = $(call tool,crd-ref-docs)
GOLANGCI_LINT = $(call tool,golangci-lint)
KUSTOMIZE = $(call tool,kustomize)
HELM ?= $(call tool,helm)
ACTIONLINT = $(call tool,actionlint)
CYCLONEDX = $(call tool,cyclonedx-gomod)

# The chart's version is that of the tag, without the v; between two of them a pre-release of nothing.
CHART_VERSION ?= $(shell git describe --tags --exact-match 2> /dev/null | sed 's/^v//' | grep . || echo 0.0.0-g$$(git rev-parse --short HEAD))

# The race detector is C code: without a C compiler the tests run without it. So do conformance and e2e when all tests are run, because they
# would take several times as long: chaos runs the same operator with it.
RACE = $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)

# What `make generate` writes and `make verify` compares.
GENERATED = PROJECT charts/plesk-operator/files config/crd config/rbac/kinds config/rbac/role.yaml config/samples/kustomization.yaml docs/kinds.md docs/kubectl-plesk.md docs/protocol.md docs/reference docs/reliability.md ':(glob)**/zz_generated.*.go'

##@ Use

.PHONY: help
help: ## List the targets.
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: ## Start a control plane, a simulated Plesk and the operator, and apply the samples (DEMO_ONCE=1: check, then stop).
	@echo "Compiling the demo (takes minutes only when Go's build cache is cold)"
	@go build -o bin/ ./hack/demo
	@bin/demo

.PHONY: build
build: ## Build the static programs bin/manager, bin/plesksim and bin/kubectl-plesk (with its completion).
	CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -X main.version=$(VERSION)" -o bin/ ./cmd/manager ./cmd/plesksim
	CGO_ENABLED=0 go -C cmd/kubectl-plesk build -trimpath -ldflags="-s -w -X main.version=$(VERSION)" -o $(CURDIR)/bin/ .
	install -m 0755 cmd/kubectl-plesk/kubectl_complete-plesk bin/

.PHONY: docker-build
docker-build: ## Build the operator's image IMG (needs docker).
	docker build --build-arg VERSION=$(VERSION) -t $(IMG) .

# The layout is what is pushed; the modules in the lists are those that were compiled.
.PHONY: image
image: ## Build the operator's image as an OCI layout in dist/image, for amd64 and arm64, without docker.
	go -C hack/image run . -root $(CURDIR) -version $(VERSION) -out $(CURDIR)/dist/image

.PHONY: sbom
sbom: ## List the modules in the operator and in the plugin (dist/*.cdx.json, CycloneDX).
	mkdir -p dist
	$(CYCLONEDX) app -json -licenses -main cmd/manager -output dist/manager.cdx.json .
	$(CYCLONEDX) app -json -licenses -output dist/kubectl-plesk.cdx.json cmd/kubectl-plesk

.PHONY: plugin
plugin: ## Pack the plugin for every platform into dist/kubectl-plesk_OS_ARCH.tar.gz.
	mkdir -p dist
	@for platform in linux_amd64 linux_arm64 darwin_amd64 darwin_arm64 windows_amd64; do \
	  echo "kubectl-plesk_$$platform"; \
	  to=$$(mktemp -d); \
	  CGO_ENABLED=0 GOOS=$${platform%_*} GOARCH=$${platform#*_} go -C cmd/kubectl-plesk build -trimpath -ldflags="-s -w -X main.version=$(VERSION)" -o $$to/ .; \
	  cp LICENSE cmd/kubectl-plesk/kubectl_complete-plesk $$to/; \
	  tar -C $$to --sort=name --owner=0 --group=0 --numeric-owner --mtime=@$$(git log -1 --format=%ct) -czf dist/kubectl-plesk_$$platform.tar.gz .; \
	  rm -rf $$to; \
	done

.PHONY: krew
krew: plugin ## Write krew's manifest of these archives into dist/plesk.yaml.
	@sed '/^#/d; s/@VERSION@/$(VERSION)/' cmd/kubectl-plesk/krew/plesk.yaml > dist/plesk.yaml
	@for archive in dist/kubectl-plesk_*.tar.gz; do \
	  platform=$${archive#dist/kubectl-plesk_}; \
	  sum=$$(sha256sum < $$archive); \
	  sed -i "s/@$${platform%.tar.gz}@/$${sum%% *}/" dist/plesk.yaml; \
	done
	@if grep -n '@' dist/plesk.yaml; then echo "dist/plesk.yaml: no archive for these" >&2; exit 1; fi

.PHONY: install
install: ## Apply the custom resource definitions to the current cluster (needs kubectl).
	kubectl apply --server-side -k config/crd

.PHONY: deploy
deploy: ## Apply the definitions and the operator to the current cluster (needs kubectl).
	kubectl apply --server-side -k config/default

.PHONY: install-manifests
install-manifests: ## Render all that `make deploy` applies into dist/install.yaml.
	mkdir -p dist
	$(KUSTOMIZE) build config/default > dist/install.yaml

# Packed with one time stamp for all files, so that the same commit gives the same package.
.PHONY: chart
chart: ## Lint the chart, render it, and package it into dist/ (helm is built at first use, which takes minutes).
	$(HELM) lint --strict --quiet charts/plesk-operator
	$(HELM) lint --strict --quiet charts/plesk-operator -f charts/plesk-operator/values-cautious.yaml
	$(HELM) template plesk-operator charts/plesk-operator -n plesk-operator-system > /dev/null
	rm -rf dist/chart
	mkdir -p dist/chart
	cp -r charts/plesk-operator dist/chart/
	find dist/chart -exec touch -h -d @$$(git log -1 --format=%ct) {} +
	$(HELM) package dist/chart/plesk-operator --version $(CHART_VERSION) --app-version $(VERSION) --destination dist
	rm -rf dist/chart

# The rules are read by promtool without the resource around them.
.PHONY: rules
rules: ## Check and test the alerts of config/prometheus (needs promtool; Debian: prometheus).
	rm -rf dist/rules
	mkdir -p dist/rules
	cp config/prometheus/tests/*.yaml dist/rules/
	sed '1,/^spec:$$/d; s/^  //' config/prometheus/rules.yaml > dist/rules/rules.yaml
	promtool check rules dist/rules/rules.yaml
	cd dist/rules && promtool test rules $(notdir $(wildcard config/prometheus/tests/*.yaml))
	rm -rf dist/rules

# The pages are those of docs/; a page more needs a line in site/astro.config.mjs.
.PHONY: site
site: ## Build the documentation site into site/dist and check its links (needs Node 20 and npm).
	npm --prefix site ci --no-audit --no-fund
	npm --prefix site run build

##@ Develop

.PHONY: run
run: ## Run the operator here, against the current kubeconfig (after `make install`; ARGS='--namespaces=…').
	go run ./cmd/manager --metrics-bind-address=0 $(ARGS)

.PHONY: test
test: ## Run all tests, against a real kube-apiserver and etcd, built at first use (PKG=./test/e2e FOCUS='text': some).
	assets=$$(go -C hack/controlplane run .); \
	export KUBEBUILDER_ASSETS=$$assets; \
	$(if $(PKG),$(call test_some,$(PKG)),$(test_all))

# Packages with specs match FOCUS, a regular expression, against the specs' texts, others against the names of tests.
define test_some
go test $(RACE) -timeout $(TEST_TIMEOUT) $(1) $(if $(FOCUS),$(if $(shell grep -ls RunSpecs $(addsuffix /*_test.go,$(1))),-ginkgo.focus,-run) '$(FOCUS)')
endef

define test_all
go test $(RACE) -timeout $(TEST_TIMEOUT) $$(go list ./... | grep -vE '/test/(chart|conformance|e2e)$$'); \
go test -p 1 -timeout $(TEST_TIMEOUT) ./test/chart ./test/conformance ./test/e2e; \
go -C hack/controlplane test ./...; \
go -C test/gitops test ./...; \
go -C test/monitoring test ./...; \
go -C cmd/kubectl-plesk test -timeout $(TEST_TIMEOUT) ./...
endef

.PHONY: conformance
conformance: ## Hold every kind to every promise, fault, crash, code and lost answer at every call (more than an hour; `make test` takes a sample).
	assets=$$(go -C hack/controlplane run .); \
	KUBEBUILDER_ASSETS=$$assets go test ./test/conformance -count 1 -timeout 200m -full

.PHONY: xmllint-verdicts
xmllint-verdicts: ## Record what xmllint says of the packets that the grammar's validator is compared with (needs xmllint).
	go test ./internal/xmlapi/schema -run '^TestAgreesWithXMLLint$$' -count 1 -xmllint.record

.PHONY: chaos
chaos: ## Soak the operator with 1,000 objects, faults, kills and outages (15 min; CHAOS_SEED=N replays a run).
	assets=$$(go -C hack/controlplane run .); \
	KUBEBUILDER_ASSETS=$$assets go test ./test/chaos -run '^TestSoak$$' -count 1 -v -timeout 60m -chaos.long -chaos.seed=$(CHAOS_SEED)

# The program is built and then run by itself, so that what ends make ends the bench, and with it all that it has started.
.PHONY: bench
bench: ## Measure the figures of docs/performance.md (25 min; BENCH_OBJECTS=N: another fleet; ARGS='-only=fleet -markdown').
	assets=$$(go -C hack/controlplane run .); \
	go build -o bin/ ./test/bench; \
	KUBEBUILDER_ASSETS=$$assets exec bin/bench -objects=$(BENCH_OBJECTS) $(ARGS)

.PHONY: mutants
mutants: ## Break each law of docs/reliability.md once and see its tests fail (10 to 15 min).
	assets=$$(go -C hack/controlplane run .); \
	KUBEBUILDER_ASSETS=$$assets go run ./hack/mutants

.PHONY: generate
generate: ## Write all that follows from the API's types, the list of kinds, the markers and the operations.
	$(CONTROLLER_GEN) object:headerFile=hack/boilerplate.go.txt paths=./api/...
	rm -f config/crd/bases/*.yaml
	$(CONTROLLER_GEN) crd:generateEmbeddedObjectMeta=false paths=./api/... output:crd:dir=config/crd/bases
	$(CRD_REF_DOCS) --source-path=api/v1alpha1 --config=hack/reference/config.yaml --templates-dir=hack/reference/templates --renderer=markdown --output-path=docs/reference/api.md --log-level=ERROR
	go run ./hack/kinds .
	$(CONTROLLER_GEN) rbac:roleName=manager-role paths=./internal/... paths=./cmd/... output:rbac:dir=config/rbac
	go generate ./...
	go -C cmd/kubectl-plesk run ./internal/reference > docs/kubectl-plesk.md
	$(chart_files)

# What the chart shares with config/ is copied from there: a chart cannot read what lies outside of it.
define chart_files
rm -rf charts/plesk-operator/files
mkdir -p charts/plesk-operator/files/{crds,rbac/kinds,prometheus,grafana}
cp config/crd/bases/*.yaml charts/plesk-operator/files/crds/
cp config/rbac/role.yaml charts/plesk-operator/files/rbac/
cp config/rbac/kinds/plesk*.yaml charts/plesk-operator/files/rbac/kinds/
cp config/prometheus/rules.yaml charts/plesk-operator/files/prometheus/
cp config/grafana/plesk-operator.json charts/plesk-operator/files/grafana/
endef

.PHONY: verify
verify: generate ## Fail if generated files were not committed or the manifests do not render.
	git diff --exit-code -- $(GENERATED)
	@untracked=$$(git ls-files --others --exclude-standard -- $(GENERATED)); \
	if [[ -n $$untracked ]]; then printf 'generated, but not in git:\n%s\n' "$$untracked"; exit 1; fi
	$(KUSTOMIZE) build config/default > /dev/null
	$(KUSTOMIZE) build config/samples > /dev/null

.PHONY: fmt
fmt: ## Format the code and group its imports.
	$(GOLANGCI_LINT) fmt

.PHONY: vet
vet: ## Run go vet.
	go vet ./...
	go -C cmd/kubectl-plesk vet ./...

.PHONY: lint
lint: ## Run golangci-lint (built at first use, which takes minutes), and see that no kind uses another one's files.
	$(GOLANGCI_LINT) run
	cd cmd/kubectl-plesk && go tool -modfile=$(CURDIR)/hack/tools/golangci-lint/go.mod golangci-lint run --config $(CURDIR)/.golangci.yml
	go test ./internal/controller -run '^(TestNoKindUsesAnothersFiles|TestTheLinterKnowsTheMachinery)$$'

.PHONY: workflows
workflows: ## Check the workflows of .github.
	$(ACTIONLINT)

.PHONY: vulnerabilities
vulnerabilities: ## Look the code up in Go's list of known vulnerabilities, which is asked over the network.
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...
	go -C cmd/kubectl-plesk run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./...

.PHONY: clean
clean: ## Remove what was built here; caches outside the tree stay.
	rm -rf bin dist site/dist site/.astro site/src/content/docs
