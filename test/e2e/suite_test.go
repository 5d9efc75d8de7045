// The suite: one control plane and one operator process for all specs; each spec has a namespace and a Plesk of its own.

package e2e

import (
	"context"
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
)

func TestE2E(t *testing.T) {
	SetDefaultEventuallyTimeout(30 * time.Second)
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
	manager, err = bed.StartManager(ctx, testbed.ManagerOptions{Args: []string{"--read-timeout=2s", "--write-timeout=2s", "--zap-log-level=debug"}})
	Expect(err).NotTo(HaveOccurred())
})

var _ = ReportAfterSuite("the operator's log", func(r Report) {
	if r.SuiteSucceeded || manager == nil {
		return
	}
	if log, err := os.ReadFile(manager.LogFile); err == nil {
		AddReportEntry("log", string(log[max(0, len(log)-20_000):]))
	}
})
