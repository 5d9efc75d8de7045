// The operator as its own process, with the rights that config/rbac gives it and no more.

package testbed

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
)

// DefaultNamespace is where the operator keeps what is its own, as config/default installs it.
const DefaultNamespace = "plesk-operator-system"

// ManagerOptions of StartManager.
type ManagerOptions struct {
	// Namespace of the operator itself; "" means DefaultNamespace. It is created if it is missing.
	Namespace string
	// Args are more flags, e.g. "--leader-elect"; they come last, so they win.
	Args []string
}

// Manager is the operator as its own process. A leader that cannot renew its lease, because the API server is down or the machine
// too busy, ends by itself, as it has to: it may be followed by another one. That is no failure; Deployments start it again, and so
// may the caller here.
type Manager struct {
	*Program
	// MetricsURL answers without authentication.
	MetricsURL string
	probeURL   string
}

// StartManager starts the operator and waits until its caches are filled. With leader election it may not be the leader yet.
func (b *Bed) StartManager(ctx context.Context, o ManagerOptions) (*Manager, error) {
	if err := b.Build(ctx); err != nil {
		return nil, err
	}
	if o.Namespace == "" {
		o.Namespace = DefaultNamespace
	}
	user, err := b.operator(ctx, o.Namespace)
	if err != nil {
		return nil, err
	}
	access, err := user.KubeConfig()
	if err != nil {
		return nil, err
	}
	name := b.name("manager")
	m := &Manager{Program: b.program(name, "manager")}
	kubeconfig := b.path(name + ".kubeconfig")
	if err := os.WriteFile(kubeconfig, access, 0o600); err != nil {
		return nil, err
	}
	ports, err := freeAddresses(2)
	if err != nil {
		return nil, err
	}
	m.probeURL, m.MetricsURL = "http://"+ports[0]+"/readyz", "http://"+ports[1]+"/metrics"
	// A race has to end it at once: a process that ends by itself with status 1 does not report its races.
	m.env = []string{"KUBECONFIG=" + kubeconfig, "GORACE=halt_on_error=1"}
	m.lifeEnv = func(life int) []string { return []string{"POD_NAME=" + podName(name, life)} }
	m.args = slices.Concat([]string{
		"--operator-namespace=" + o.Namespace,
		"--health-probe-bind-address=" + ports[0],
		"--metrics-bind-address=" + ports[1], "--metrics-secure=false",
		"--allow-addresses=127.0.0.0/8", // where simulators listen
	}, o.Args)
	m.ready, m.mayEnd = m.isReady, lostLease
	b.atEnd(m.Stop)
	if err := m.Start(ctx); err != nil {
		return nil, err
	}
	return m, nil
}

// PodName is the name of the manager's present life, or of the last one. Each start has a name of its own, like the pods
// of a Deployment; Plesk servers see it in the User-Agent.
func (m *Manager) PodName() string {
	m.life.Lock()
	defer m.life.Unlock()
	return podName(m.name, m.lives)
}

// lostLease reports whether a manager has ended because it could not renew its lease. Only the log says why it ends: for
// other errors the status is the same.
func lostLease(code int, log []byte) bool {
	if code != 1 {
		return false
	}
	for line := range bytes.Lines(log) {
		if bytes.Contains(line, []byte("The operator ends")) {
			return bytes.Contains(line, []byte("leader election lost"))
		}
	}
	return false
}

func podName(name string, life int) string { return fmt.Sprintf("%s-life-%d", name, life) }

func (m *Manager) isReady(ctx context.Context, _ int64) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.probeURL, http.NoBody)
	if err != nil {
		return false
	}
	answer, err := probeClient.Do(req)
	if err != nil {
		return false
	}
	_ = answer.Body.Close() // only the status matters
	return answer.StatusCode == http.StatusOK
}

// probeClient keeps no connections: the manager dies and comes back.
var probeClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// freeAddresses returns addresses on the loopback interface that nothing listened on just now.
func freeAddresses(n int) ([]string, error) {
	var addresses []string
	var listeners []net.Listener // closed together at the end, so that the addresses differ
	defer func() {
		for _, l := range listeners {
			_ = l.Close() // nobody has connected
		}
	}()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		listeners = append(listeners, l)
		addresses = append(addresses, l.Addr().String())
	}
	return addresses, nil
}
