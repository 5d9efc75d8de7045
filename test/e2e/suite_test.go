// The suite: one control plane and one operator process for all specs; each spec has a namespace and a Plesk of its own.

package e2e

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/test/testbed"
)

var (
	bed     *testbed.Bed
	manager *testbed.Manager
	// versions checks every version of every object of ours, vault knows every value that was ever in a Secret.
	versions *testbed.ConditionsWatch
	vault    *testbed.Vault
)

func TestE2E(t *testing.T) {
	SetDefaultEventuallyTimeout(time.Minute)
	SetDefaultEventuallyPollingInterval(50 * time.Millisecond)
	SetDefaultConsistentlyDuration(2 * time.Second)
	SetDefaultConsistentlyPollingInterval(100 * time.Millisecond)
	RegisterFailHandler(Fail)
	RunSpecs(t, "the operator, over a real API server and a simulated Plesk")
}

var _ = BeforeSuite(func() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute) // a first build of the control plane takes minutes
	DeferCleanup(cancel)
	var err error
	bed, err = testbed.Start(ctx, testbed.Options{Log: GinkgoWriter})
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { Expect(bed.Close()).To(Succeed()) })
	_, err = bed.Kubectl(ctx) // for the guides: a first build takes longer than a spec may
	Expect(err).NotTo(HaveOccurred())
	watching, stop := context.WithCancel(context.Background())
	DeferCleanup(stop)
	versions, err = bed.WatchConditions(watching, "")
	Expect(err).NotTo(HaveOccurred())
	vault, err = bed.WatchSecrets(watching, "")
	Expect(err).NotTo(HaveOccurred())
	manager, err = bed.StartManager(ctx, testbed.ManagerOptions{Args: []string{"--read-timeout=2s", "--write-timeout=2s", "--answer-timeout=2s", "--create-settle-time=3s", "--zap-log-level=10"}})
	Expect(err).NotTo(HaveOccurred())
})

var _ = AfterSuite(func(ctx context.Context) {
	if manager == nil {
		return
	}
	log, err := os.Open(manager.LogFile)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(log.Close)
	text := metrics(ctx)
	Expect(string(text)).To(ContainSubstring("controller_runtime_reconcile_total"), "the metrics are there; those of servers that are gone are not")
	Expect(vault.Leaks(map[string]io.Reader{"the log": log, "the metrics": bytes.NewReader(text)})).To(BeEmpty())
	Expect(versions.Complaints("")).To(BeEmpty())
})

// metrics is what the operator's metrics endpoint says.
func metrics(ctx context.Context) []byte {
	GinkgoHelper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, manager.MetricsURL, http.NoBody)
	Expect(err).NotTo(HaveOccurred())
	answer, err := http.DefaultClient.Do(req)
	Expect(err).NotTo(HaveOccurred())
	defer func() { Expect(answer.Body.Close()).To(Succeed()) }()
	text, err := io.ReadAll(answer.Body)
	Expect(err).NotTo(HaveOccurred())
	return text
}

var _ = ReportAfterSuite("why specs failed", func(r Report) { testbed.Recap(os.Stdout, r) })

var _ = ReportAfterSuite("the operator's log", func(r Report) {
	if r.SuiteSucceeded || manager == nil {
		return
	}
	if log, err := os.ReadFile(manager.LogFile); err == nil {
		AddReportEntry("log", string(log[max(0, len(log)-20_000):]))
	}
})
