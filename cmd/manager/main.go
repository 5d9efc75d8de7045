// The operator: flags, the manager, and a clean end.

// Command manager runs the Plesk operator; its subcommand release-finalizers removes the finalizers that an operator left behind.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// version is stamped in by the build.
var version = "devel"

// namespaceFile is where a pod finds the name of its namespace.
const namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

type options struct {
	concurrency   int
	namespaces    string
	operatorNS    string
	leaderElect   bool
	leaseName     string
	leaseDuration time.Duration
	renewDeadline time.Duration
	retryPeriod   time.Duration
	metricsAddr   string
	metricsSecure bool
	metricsCerts  string
	probeAddr     string
	pprofAddr     string
	readTimeout   time.Duration
	writeTimeout  time.Duration
	answerTimeout time.Duration
	settleTime    time.Duration
	shutdown      time.Duration
	allowed       string
	denied        string
	servers       string
	showVersion   bool
	log           zap.Options
}

func parse() options {
	var o options
	flag.IntVar(&o.concurrency, "concurrency", 64, "Objects of one server reconciled at once. Most of them wait for the server, and what they ask meanwhile travels in one packet.")
	flag.StringVar(&o.namespaces, "namespaces", "", "Comma-separated namespaces to watch; empty: all. Servers, Secrets and resources elsewhere are not seen. No namespace may be in the lists of two operators.")
	flag.StringVar(&o.operatorNS, "operator-namespace", "", "Namespace of the operator's own Secret and leases. Several operators of a cluster share one, so that no Plesk has two of them; empty: that of the pod, else plesk-operator-system.")
	flag.BoolVar(&o.leaderElect, "leader-elect", false, "Elect a leader among several replicas; only it writes.")
	flag.StringVar(&o.leaseName, "leader-elect-lease-name", "plesk-operator", "Name of the lease, in the operator's namespace. Several operators in one namespace, each with its own --namespaces, need one each.")
	flag.DurationVar(&o.leaseDuration, "leader-elect-lease-duration", 15*time.Second, "Time after which others take over from a leader that has not renewed its lease.")
	flag.DurationVar(&o.renewDeadline, "leader-elect-renew-deadline", 10*time.Second, "Time after which a leader that cannot renew its lease gives up; shorter than the lease.")
	flag.DurationVar(&o.retryPeriod, "leader-elect-retry-period", 2*time.Second, "Time between two tries to renew or to take the lease.")
	flag.StringVar(&o.metricsAddr, "metrics-bind-address", ":8443", "Address of the metrics endpoint; 0 disables it.")
	flag.BoolVar(&o.metricsSecure, "metrics-secure", true, "Serve metrics over TLS to those whom the cluster authorises (get on the nonResourceURL /metrics).")
	flag.StringVar(&o.metricsCerts, "metrics-cert-dir", "", "Directory with tls.crt and tls.key of the metrics endpoint; empty: a self-signed certificate.")
	flag.StringVar(&o.probeAddr, "health-probe-bind-address", ":8081", "Address of /healthz and /readyz; 0 disables it.")
	flag.StringVar(&o.pprofAddr, "pprof-bind-address", "0", "Address of Go's profiles below /debug/pprof, for everybody who reaches it: one of the loopback interface; 0 disables it.")
	flag.DurationVar(&o.readTimeout, "read-timeout", 0, "Time until the answer to a packet that only reads begins; 0: 60s.")
	flag.DurationVar(&o.writeTimeout, "write-timeout", 0, "Time until the answer to a packet that writes begins; creating a subscription takes tens of seconds on a busy server; 0: 300s.")
	flag.DurationVar(&o.answerTimeout, "answer-timeout", 0, "Time for an answer from its first byte to its last; it holds up to 64 MiB where a server has thousands of objects; 0: 60s.")
	flag.DurationVar(&o.settleTime, "create-settle-time", engine.DefaultCreateSettleTime, "Time for which an object is looked for whose creation was begun and not confirmed, before it is created again.")
	flag.DurationVar(&o.shutdown, "shutdown-timeout", 30*time.Second, "Time for writes in flight to end when the process is told to stop.")
	flag.StringVar(&o.allowed, "allow-addresses", "", "Comma-separated addresses and ranges that servers may have although they are refused otherwise: loopback, link-local, multicast and metadata addresses.")
	flag.StringVar(&o.denied, "deny-addresses", "", "Comma-separated addresses and ranges that no server may have: those of the cluster's services and pods. The most specific range of these two flags decides.")
	flag.StringVar(&o.servers, "allowed-servers", "", "Comma-separated hosts that servers may have: names, addresses, or *.example.com for all names below one; empty: any.")
	flag.BoolVar(&o.showVersion, "version", false, "Print the version and exit.")
	o.log.BindFlags(flag.CommandLine)
	flag.Parse()
	if flag.NArg() > 0 { // a misspelt subcommand must not start an operator
		fmt.Fprintf(os.Stderr, "unknown subcommand %q; the one that there is: %s\n", flag.Arg(0), releaseCommand)
		os.Exit(2)
	}
	if o.operatorNS == "" {
		o.operatorNS = "plesk-operator-system"
		if b, err := os.ReadFile(namespaceFile); err == nil {
			o.operatorNS = strings.TrimSpace(string(b))
		}
	}
	return o
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == releaseCommand {
		os.Exit(releaseMain(ctrl.SetupSignalHandler(), os.Args[2:], os.Stdout, os.Stderr))
	}
	o := parse()
	if o.showVersion {
		fmt.Println(version)
		return
	}
	ctrl.SetLogger(controller.WithoutBodies(zap.New(zap.UseFlagOptions(&o.log))))
	if err := run(o); err != nil {
		ctrl.Log.Error(err, "The operator ends")
		os.Exit(1)
	}
}

func run(o options) error {
	memory, err := containerMemory()
	if err != nil {
		return err
	}
	limitMemory(memory)
	scheme, err := newScheme()
	if err != nil {
		return err
	}
	where, err := reach(o.allowed, o.denied, o.servers, os.Getenv("KUBERNETES_SERVICE_HOST"))
	if err != nil {
		return err
	}
	config, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	var lock resourcelock.Interface
	var fence func() error // nil without leader election: no other replica could take over
	if o.leaderElect {
		if lock, fence, err = fencedLock(config, o.operatorNS, o.leaseName, o.renewDeadline); err != nil {
			return fmt.Errorf("leader election: %w", err)
		}
	}
	mgr, err := ctrl.NewManager(config, manager.Options{
		Scheme:                              scheme,
		Cache:                               controller.Cache(splitList(o.namespaces), o.operatorNS),
		Metrics:                             metricsOptions(o),
		HealthProbeBindAddress:              o.probeAddr,
		PprofBindAddress:                    o.pprofAddr,
		LeaderElection:                      o.leaderElect,
		LeaderElectionID:                    o.leaseName,
		LeaderElectionNamespace:             o.operatorNS,
		LeaderElectionResourceLockInterface: lock,
		LeaderElectionReleaseOnCancel:       true, // the process ends right after the manager
		LeaseDuration:                       &o.leaseDuration,
		RenewDeadline:                       &o.renewDeadline,
		RetryPeriod:                         &o.retryPeriod,
		GracefulShutdownTimeout:             &o.shutdown,
	})
	if err != nil {
		return err
	}
	ctx := ctrl.SetupSignalHandler()
	if err := controller.Setup(ctx, mgr, controller.Options{
		Namespace: o.operatorNS, Concurrency: o.concurrency,
		Timeouts: engine.Timeouts{Read: o.readTimeout, Write: o.writeTimeout, Answer: o.answerTimeout}, Budget: xmlapi.NewBudget(answerBudget(memory)), UserAgent: userAgent(), Reach: where, Fence: fence,
		CreateSettleTime: o.settleTime, Metrics: metrics.Registry,
	}); err != nil {
		return err
	}
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return err
	}
	if err := mgr.AddReadyzCheck("cache", controller.CacheSynced(mgr)); err != nil {
		return err
	}
	ctrl.Log.Info("Starting", "version", version)
	return mgr.Start(ctx)
}

func newScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	return scheme, errors.Join(clientgoscheme.AddToScheme(scheme), v1alpha1.AddToScheme(scheme))
}

// userAgent names this process to the servers' access logs: the pod, or the machine where there is none.
func userAgent() string {
	name := os.Getenv("POD_NAME")
	if name == "" {
		name, _ = os.Hostname() // a process without a name is still an operator
	}
	return fmt.Sprintf("plesk-operator/%s (%s)", version, name)
}

func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func metricsOptions(o options) metricsserver.Options {
	m := metricsserver.Options{BindAddress: o.metricsAddr, SecureServing: o.metricsSecure, CertDir: o.metricsCerts}
	if o.metricsSecure {
		m.FilterProvider = filters.WithAuthenticationAndAuthorization
	}
	return m
}
