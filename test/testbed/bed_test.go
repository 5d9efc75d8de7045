// Shows that the bed starts what it says, that the operator works with the rights it is given, and that nothing is left.

package testbed_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

const (
	startWithin = 15 * time.Minute // with cold build caches
	readyWithin = 2 * time.Minute  // on a busy machine
	goneWithin  = time.Minute
	askAgain    = 50 * time.Millisecond
)

// orphanMaker makes the test binary start a bed and wait to be killed.
const orphanMaker = "TESTBED_ORPHAN_MAKER"

func TestMain(m *testing.M) {
	log.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	if os.Getenv(orphanMaker) != "" {
		makeOrphans()
	}
	os.Exit(m.Run())
}

func TestBed(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithTimeout(t.Context(), startWithin)
	defer cancel()
	bed, err := testbed.Start(ctx, testbed.Options{Log: t.Output()})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() {
		if err := bed.Close(); err != nil {
			t.Errorf("end of the bed: %v", err)
		}
	})
	t.Run("the operator reaches simulators with its own rights", func(t *testing.T) { reachSimulators(ctx, t, bed) })
	t.Run("each manager has its own namespace", func(t *testing.T) { keepApart(ctx, t, bed) })
	t.Run("parts of the control plane crash and recover", func(t *testing.T) { crashAndRecover(ctx, t, bed) })
	t.Run("a leader that loses its lease ends well", func(t *testing.T) { loseLease(ctx, t, bed) })
	t.Run("a program that ends instead of starting tells why", func(t *testing.T) {
		_, err := bed.StartManager(ctx, testbed.ManagerOptions{Args: []string{"--allowed-servers=https://web-01.example"}})
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("-allowed-servers")))
	})

	pids := pidsIn(g, bed.Dir)
	g.Expect(pids).To(HaveLen(6), "etcd, kube-apiserver, three managers, a simulator")
	g.Expect(bed.Close()).To(Succeed())
	for _, pid := range pids {
		g.Expect(alive(pid)).To(BeFalse(), "process %d", pid)
	}
	g.Expect(bed.Dir).NotTo(BeADirectory())
}

func reachSimulators(ctx context.Context, t *testing.T, bed *testbed.Bed) {
	g := NewWithT(t)
	manager, err := bed.StartManager(ctx, testbed.ManagerOptions{})
	g.Expect(err).NotTo(HaveOccurred())
	own, err := bed.StartPlesk(ctx, testbed.PleskOptions{Hostname: "own.example.net"})
	g.Expect(err).NotTo(HaveOccurred())
	inside, err := bed.Simulate(plesksim.Options{Hostname: "inside.example.net"}) //nolint:contextcheck // it outlives the context of its start
	g.Expect(err).NotTo(HaveOccurred())

	for name, access := range map[string]testbed.Access{"own": own.Access, "inside": inside.Access} {
		srv, secrets := access.Server("default", name)
		g.Expect(bed.Client.Create(ctx, srv)).To(Succeed())
		for _, s := range secrets {
			g.Expect(bed.Client.Create(ctx, s)).To(Succeed())
		}
		g.Eventually(readyServer).WithContext(ctx).WithArguments(bed.Client, srv).Within(readyWithin).ProbeEvery(askAgain).
			Should(Equal(name + ".example.net"))
	}

	t.Log("The manager crashes; its successor takes over")
	before := manager.PID()
	manager.Kill()
	g.Expect(manager.PID()).To(BeZero())
	g.Expect(manager.Start(ctx)).To(Succeed())
	g.Expect(manager.PID()).NotTo(Equal(before))

	t.Log("The simulator comes back at its old address")
	url := own.URL
	g.Expect(own.Stop()).To(Succeed())
	g.Expect(own.Start(ctx)).To(Succeed())
	g.Expect(own.URL).To(Equal(url))
}

// keepApart starts leaders whose leases outlast every outage to come, however long a busy machine makes it: they run to the end.
func keepApart(ctx context.Context, t *testing.T, bed *testbed.Bed) {
	g := NewWithT(t)
	for _, namespace := range []string{"blue", "green"} {
		_, err := bed.StartManager(ctx, testbed.ManagerOptions{Namespace: namespace, Args: []string{
			"--leader-elect", "--leader-elect-lease-duration=1h", "--leader-elect-renew-deadline=50m",
		}})
		g.Expect(err).NotTo(HaveOccurred())
		key := &corev1.Secret{}
		g.Expect(bed.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: "plesk-operator-hash-key"}, key)).To(Succeed())
		g.Eventually(holder).WithContext(ctx).WithArguments(bed.Client, namespace).Within(readyWithin).ProbeEvery(askAgain).ShouldNot(BeEmpty())
	}
}

// readyServer returns the host name of a server that is ready.
func readyServer(ctx context.Context, c client.Client, srv *v1alpha1.PleskServer) (string, error) {
	if err := c.Get(ctx, client.ObjectKeyFromObject(srv), srv); err != nil {
		return "", err
	}
	if !meta.IsStatusConditionTrue(srv.Status.Conditions, v1alpha1.ConditionReady) {
		return "", nil
	}
	return srv.Status.Hostname, nil
}

func TestNothingOutlivesAnOwnerThatIsKilled(t *testing.T) {
	g := NewWithT(t)
	owner := exec.CommandContext(t.Context(), os.Args[0])
	owner.Env = append(os.Environ(), orphanMaker+"=1")
	owner.Stderr = os.Stderr
	out, err := owner.StdoutPipe()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(owner.Start()).To(Succeed())
	line, err := bufio.NewReader(out).ReadString('\n')
	g.Expect(err).NotTo(HaveOccurred())
	dir := strings.TrimSpace(line)
	pids := pidsIn(g, dir)
	g.Expect(pids).To(HaveLen(3), "etcd, kube-apiserver, simulator")
	for _, pid := range pids {
		g.Expect(alive(pid)).To(BeTrue(), "process %d", pid)
	}

	g.Expect(owner.Process.Kill()).To(Succeed())
	g.Expect(owner.Wait()).To(MatchError("signal: killed"))
	g.Eventually(func() []int {
		var left []int
		for _, pid := range pids {
			if alive(pid) {
				left = append(left, pid)
			}
		}
		return left
	}).Within(goneWithin).ProbeEvery(askAgain).Should(BeEmpty())
	g.Eventually(dir).Within(goneWithin).ProbeEvery(askAgain).ShouldNot(BeADirectory())
}

// makeOrphans starts a bed, says where it is, and waits.
func makeOrphans() {
	ctx := context.Background()
	bed, err := testbed.Start(ctx, testbed.Options{Log: os.Stderr})
	if err == nil {
		_, err = bed.StartPlesk(ctx, testbed.PleskOptions{})
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString(bed.Dir + "\n")
	select {}
}

// pidsIn returns the processes that the bed in a directory has running.
func pidsIn(g *WithT, dir string) []int {
	files, err := filepath.Glob(filepath.Join(dir, "*.pid"))
	g.Expect(err).NotTo(HaveOccurred())
	var pids []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		g.Expect(err).NotTo(HaveOccurred())
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		g.Expect(err).NotTo(HaveOccurred())
		pids = append(pids, pid)
	}
	return pids
}

// alive reports whether a process exists. One whose parent died is reaped by init sooner or later; until then it counts as gone.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // PID (NAME) STATE …
	return err != nil || !strings.Contains(string(stat), ") Z ")
}
