// All kinds, in one list, made into controllers.

// Package controller makes a controller of every kind. The kinds are in families below it, one folder each, where Kubernetes' words are translated
// into Plesk's.
package controller

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/account"
	"github.com/plesk-operator/plesk-operator/internal/controller/address"
	"github.com/plesk-operator/plesk-operator/internal/controller/database"
	"github.com/plesk-operator/plesk-operator/internal/controller/dns"
	"github.com/plesk-operator/plesk-operator/internal/controller/hosting"
	"github.com/plesk-operator/plesk-operator/internal/controller/mail"
	"github.com/plesk-operator/plesk-operator/internal/controller/panel"
	"github.com/plesk-operator/plesk-operator/internal/controller/plan"
	"github.com/plesk-operator/plesk-operator/internal/controller/server"
	"github.com/plesk-operator/plesk-operator/internal/controller/web"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// What the operator may do beside what each kind says of its own resources: read Secrets by name (and the metadata of all, to notice changes), the
// labels of namespaces, the permits and the suspensions, and write Secrets that it has made, the finalizer on the credentials of servers, the use of a
// permit, what has become of a suspension, and events.
//
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskapprovals,verbs=get;list;watch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskapprovals/status,verbs=get;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksuspensions,verbs=get;list;watch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=plesksuspensions/status,verbs=get;update;patch
// +kubebuilder:rbac:groups="",resources=secrets,verbs=get;list;watch;create;update;patch;delete
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get;list;watch
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create;patch
// +kubebuilder:rbac:groups="",resources=events,verbs=create;patch

// Options of Setup.
type Options struct {
	// Namespace of the operator itself: the key of its hashes lives there.
	Namespace string
	// Concurrency is how many objects of one server are reconciled at once.
	Concurrency int
	// Timeouts of packets; zero values mean the defaults.
	Timeouts engine.Timeouts
	// Budget bounds the memory for the answers of all servers; nil: nothing does.
	Budget *xmlapi.Budget
	// UserAgent tells the access logs of Plesk servers who is calling, e.g. "plesk-operator/v1.0.0 (pod)".
	UserAgent string
	// Reach says where servers may be. The zero value refuses loopback, link-local and metadata addresses.
	Reach engine.Reach
	// Fence is asked before each write, and again right before its body leaves; its error holds the write back. Nil where nobody else may write.
	Fence func() error
	// Clock is the time that deadlines and limits are counted by; nil means the machine's.
	Clock clock.PassiveClock
	// CreateSettleTime is how long the operator looks for an object whose creation was not confirmed; 0 means the default.
	CreateSettleTime time.Duration
	// Metrics receives the operator's own metrics.
	Metrics prometheus.Registerer
}

// wakeBuffer holds the servers to probe. A dropped wake-up only delays the next probe: every server is polled.
const wakeBuffer = 64

// kinds is the list of all kinds that live on a server, parents before what lies in them. `make generate` derives the scheme, the users'
// roles, the kustomizations, PROJECT and the table of docs/kinds.md from it (hack/kinds).
func kinds() []kind {
	return []kind{
		of(&v1alpha1.PleskServerSettings{}, panel.ServerSettings{}),
		of(&v1alpha1.PleskIPAddress{}, address.IPAddress{}),
		of(&v1alpha1.PleskResellerPlan{}, plan.ResellerPlan{}),
		of(&v1alpha1.PleskReseller{}, account.Reseller{}),
		of(&v1alpha1.PleskCustomer{}, account.Customer{}),
		of(&v1alpha1.PleskServicePlan{}, plan.ServicePlan{}),
		of(&v1alpha1.PleskServicePlanAddon{}, plan.ServicePlanAddon{}),
		of(&v1alpha1.PleskSubscription{}, hosting.Subscription{}),
		of(&v1alpha1.PleskSite{}, hosting.Site{}),
		of(&v1alpha1.PleskSubdomain{}, hosting.Subdomain{}),
		of(&v1alpha1.PleskSiteAlias{}, hosting.SiteAlias{}),
		of(&v1alpha1.PleskCertificate{}, web.Certificate{}),
		of(&v1alpha1.PleskDNSZone{}, dns.Zone{}),
		of(&v1alpha1.PleskDNSTemplate{}, dns.Template{}),
		of(&v1alpha1.PleskDatabaseServer{}, database.Server{}),
		of(&v1alpha1.PleskDatabase{}, database.Database{}),
		of(&v1alpha1.PleskDatabaseUser{}, database.User{}),
		of(&v1alpha1.PleskFTPUser{}, web.FTPUser{}),
		of(&v1alpha1.PleskMailSettings{}, mail.Settings{}),
		of(&v1alpha1.PleskMailAccount{}, mail.Account{}),
		of(&v1alpha1.PleskLogRotation{}, web.LogRotation{}),
		of(&v1alpha1.PleskProtectedDirectory{}, web.ProtectedDirectory{}),
		of(&v1alpha1.PleskVirtualDirectory{}, web.VirtualDirectory{}),
		of(&v1alpha1.PleskSecretKey{}, panel.SecretKey{}),
		of(&v1alpha1.PleskExtension{}, panel.Extension{}),
		of(&v1alpha1.PleskCustomButton{}, panel.CustomButton{}),
	}
}

// kind is a custom resource with what the engine is told about it.
type kind struct {
	prototype client.Object
	add       func(*engine.Engine) error
	exports   func() engine.Exports
	uses      func(*runtime.Scheme) (func(client.Object) engine.Uses, error)
}

func of[O v1alpha1.Object, W any](prototype O, k engine.Kind[O, W]) kind {
	return kind{
		prototype: prototype,
		add:       func(e *engine.Engine) error { return engine.Add(e, k) },
		exports:   func() engine.Exports { return engine.ExportsOf(k) },
		uses:      func(s *runtime.Scheme) (func(client.Object) engine.Uses, error) { return engine.UsesOf(s, k) },
	}
}

// Kinds lists a prototype of every kind that lives on a server.
func Kinds() []client.Object {
	var out []client.Object
	for _, k := range kinds() {
		out = append(out, k.prototype)
	}
	return out
}

// Exports lists every kind as an export sees it, parents before what lies in them.
func Exports() []engine.Exports {
	var out []engine.Exports
	for _, k := range kinds() {
		out = append(out, k.exports())
	}
	return out
}

// Uses returns what tells the uses of objects of all these kinds, by the names of the kinds.
func Uses(scheme *runtime.Scheme) (map[string]func(client.Object) engine.Uses, error) {
	out := map[string]func(client.Object) engine.Uses{}
	for _, k := range kinds() {
		gvk, err := apiutil.GVKForObject(k.prototype, scheme)
		if err != nil {
			return nil, err
		}
		if out[gvk.Kind], err = k.uses(scheme); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// NewEngine returns an engine with all kinds.
func NewEngine(c engine.Config) (*engine.Engine, error) {
	e := engine.New(c)
	for _, k := range kinds() {
		if err := k.add(e); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// Setup makes the controllers of all kinds.
func Setup(ctx context.Context, mgr ctrl.Manager, o Options) error {
	if o.Clock == nil {
		o.Clock = clock.RealClock{}
	}
	// The client's cache is not running yet: what is needed now is read past it.
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	secrets, err := engine.NewSecrets(ctx, mgr.GetClient(), mgr.GetAPIReader(), mgr.GetClient(), o.Namespace)
	if err != nil {
		return err
	}
	wake := make(chan event.TypedGenericEvent[types.NamespacedName], wakeBuffer)
	servers := engine.NewServers(engine.ServersConfig{
		Client: mgr.GetClient(), Informers: mgr.GetCache(), Reader: mgr.GetAPIReader(), Metrics: session.NewMetrics(o.Metrics), Timeouts: o.Timeouts, Budget: o.Budget, UserAgent: o.UserAgent, Reach: o.Reach, Fence: o.Fence,
		Wake: func(server types.NamespacedName) {
			select {
			case wake <- event.TypedGenericEvent[types.NamespacedName]{Object: server}:
			default:
			}
		},
	})
	rec := mgr.GetEventRecorder("plesk-operator")
	e, err := NewEngine(engine.Config{
		Client: mgr.GetClient(), Recorder: rec, Servers: servers, Secrets: secrets,
		Metrics: engine.NewMetrics(o.Metrics), Clock: o.Clock, CreateSettleTime: o.CreateSettleTime,
	})
	if err != nil {
		return err
	}
	if err := e.Setup(ctx, mgr, engine.Options{Concurrency: o.Concurrency}); err != nil {
		return err
	}
	holders := &server.Holders{Client: mgr.GetClient(), Reader: mgr.GetAPIReader(), Namespace: o.Namespace, Clock: o.Clock}
	reconciler := &server.Reconciler{Client: mgr.GetClient(), Recorder: rec, Servers: servers, Holders: holders, Users: e.Users, Engine: e, Metrics: server.NewMetrics(o.Metrics), Kinds: Kinds(), Wake: wake}
	if err := reconciler.Setup(ctx, mgr); err != nil {
		return err
	}
	if err := (&server.UsageReader{Client: mgr.GetClient(), Servers: servers, Metrics: reconciler.Metrics}).Setup(mgr); err != nil {
		return err
	}
	return (&server.SecretHolder{Client: mgr.GetClient()}).Setup(mgr)
}
