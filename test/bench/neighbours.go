// Figures of neighbours: what servers that are ill, or dead, cost the users of the others.

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/hoster"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

const (
	customersPerServer = 4  // of a healthy server
	customersOfIll     = 40 // who all want something of theirs
	hostileBytes       = 8 << 20
)

// neighbourhood is servers of one manager.
type neighbourhood struct {
	*room
	healthy, ill []*plesk
	edited       []editable // customers of the healthy ones
	resources    int
}

// neighbours compares edits of healthy servers: alone, beside dead servers, and beside one that hangs, one that is slow and one that is hostile.
// The rounds take turns, so that what else a machine does for some seconds meets all of them, and the p99 is of the edits of all rounds together:
// that of one round is the fourth slowest of its edits, and swings with these four.
func neighbours(ctx context.Context, l *lab) (_ []Figure, err error) {
	r, err := l.room(ctx, "neighbours")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	n := &neighbourhood{room: r}
	if err := n.build(ctx); err != nil {
		return nil, err
	}
	var alone, besideDead, besideIll [][]time.Duration // by round
	for range n.neighbourRounds {
		for _, measure := range []struct {
			round func(context.Context) ([]time.Duration, error)
			into  *[][]time.Duration
		}{{n.alone, &alone}, {n.besideDead, &besideDead}, {n.alone, &alone}, {n.besideIll, &besideIll}} {
			took, err := measure.round(ctx)
			if err != nil {
				return nil, err
			}
			*measure.into = append(*measure.into, took)
		}
	}
	var each []time.Duration
	for _, took := range alone {
		each = append(each, p99(took))
	}
	return []Figure{
		atMost(fmt.Sprintf("%d servers, one hangs, one takes 5 s, one is hostile: p99 edit → server of the others ÷ without them", l.servers), ratio(p99(besideIll...), p99(alone...)), 1.1, "×"),
		atMost(fmt.Sprintf("%d dead servers: p99 edit → server of the others ÷ without them", l.dead), ratio(p99(besideDead...), p99(alone...)), 1.1, "×"),
		told("edit → server, p99, no server is ill", p99(alone...).Seconds()*1000, "ms"),
		told("the same: the slowest round ÷ the fastest", ratio(slices.Max(each), slices.Min(each)), "×"),
	}, nil
}

// build makes all servers, healthy as yet, with their customers.
func (n *neighbourhood) build(ctx context.Context) error {
	var customers []client.Object
	for i := range n.servers {
		p, err := n.plesk(fmt.Sprintf("web-%02d", i+1), latency) //nolint:contextcheck // it outlives the context of its start
		if err != nil {
			return err
		}
		if err := n.register(ctx, p.name, p.Access); err != nil {
			return err
		}
		healthy := i >= 3
		many := customersOfIll
		if healthy {
			n.healthy, many = append(n.healthy, p), customersPerServer
		} else {
			n.ill = append(n.ill, p)
		}
		for range many {
			c := hoster.Customer(p.name, len(customers))
			if healthy {
				n.edited = append(n.edited, newEditable(c.GetName(), p))
			}
			customers = append(customers, c)
		}
	}
	n.resources = len(customers)
	if err := n.create(ctx, customers...); err != nil {
		return err
	}
	return n.settle(ctx, n.resources, slices.Concat(n.healthy, n.ill)...)
}

// round measures edits of the healthy servers: the time that each takes to arrive.
func (n *neighbourhood) round(ctx context.Context, what string) ([]time.Duration, error) {
	took, err := n.edits(ctx, n.edited, n.neighbourEdits, n.neighbourPace)
	if err != nil {
		return nil, err
	}
	n.say("%s: p99 of %d edits is %d ms", what, len(took), p99(took).Milliseconds())
	return took, nil
}

// alone has no server be ill.
func (n *neighbourhood) alone(ctx context.Context) ([]time.Duration, error) {
	return n.round(ctx, "alone")
}

// besideIll has a server hang, one take five seconds and one answer for ever, while all their customers are edited, and cures them.
func (n *neighbourhood) besideIll(ctx context.Context) ([]time.Duration, error) {
	n.ill[0].Inject(plesksim.Fault{Hang: true})
	n.ill[1].Inject(plesksim.Fault{Delay: 5 * time.Second})
	n.ill[2].Inject(plesksim.Fault{Body: "<packet><customer><get><result><status>" + strings.Repeat("x", hostileBytes)})
	for i := range customersOfIll * len(n.ill) {
		o := &v1alpha1.PleskCustomer{ObjectMeta: named(hoster.Login(i))}
		o.Namespace = n.namespace
		patch := client.RawPatch(types.MergePatchType, fmt.Appendf(nil, `{"spec":{"companyName":%q}}`, n.text()))
		if err := n.bed.Client.Patch(ctx, o, patch); err != nil {
			return nil, err
		}
	}
	// As with the dead ones, what so many edits at once cost the API server is not what is measured.
	if err := pause(ctx, n.quiet); err != nil {
		return nil, err
	}
	took, err := n.round(ctx, "beside ill servers")
	if err != nil {
		return nil, err
	}
	for _, p := range n.ill {
		p.ClearFaults()
		if err := p.Restart(0); err != nil { //nolint:contextcheck // it outlives the context of its restart; what hangs would hang until its time is up
			return nil, err
		}
	}
	return took, n.settle(ctx, n.resources, slices.Concat(n.healthy, n.ill)...)
}

// besideDead adds PleskServers that lead nowhere, each with customers, and removes them again.
func (n *neighbourhood) besideDead(ctx context.Context) ([]time.Duration, error) {
	mute, err := listenMutely()
	if err != nil {
		return nil, err
	}
	defer mute.close()
	var names []string
	var customers []client.Object
	for i := range n.dead {
		access, name := n.healthy[0].Access, fmt.Sprintf("dead-%02d", i+1)
		access.URL = "https://" + mute.address
		if i%2 == 1 {
			access.URL = nobodyListens
		}
		if err := n.register(ctx, name, access); err != nil {
			return nil, err
		}
		names = append(names, name)
		for range customersPerServer {
			customers = append(customers, hoster.Customer(name, 100_000+len(customers)))
		}
	}
	if err := n.create(ctx, customers...); err != nil {
		return nil, err
	}
	// What their creation costs the API server is not what is measured, but what it is to live beside them.
	seen, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	if err := n.reported(seen, names); err != nil {
		return nil, err
	}
	if err := n.silence(seen); err != nil {
		return nil, err
	}
	took, err := n.round(ctx, "beside dead servers")
	if err != nil {
		return nil, err
	}
	return took, n.demolish(ctx, names, customers)
}

// reported waits until all servers say that they cannot be reached.
func (r *room) reported(ctx context.Context, servers []string) error {
	for _, name := range servers {
		for {
			srv := &v1alpha1.PleskServer{}
			if err := r.bed.Client.Get(ctx, client.ObjectKey{Namespace: r.namespace, Name: name}, srv); err != nil {
				return err
			}
			if meta.IsStatusConditionFalse(srv.Status.Conditions, v1alpha1.ConditionReachable) {
				break
			}
			if err := pause(ctx, lookAgain); err != nil {
				return fmt.Errorf("PleskServer %s does not say that it cannot be reached: %w", name, err)
			}
		}
	}
	return nil
}

// nobodyListens is an address that refuses connections: the port of a service that no machine has any more.
const nobodyListens = "https://127.0.0.1:1"

// demolish removes servers with their Secrets and their customers, and waits until they are gone.
func (r *room) demolish(ctx context.Context, servers []string, objects []client.Object) error {
	for _, name := range servers {
		srv, secrets := testbed.Access{}.Server(r.namespace, name)
		objects = append(objects, srv)
		for _, s := range secrets {
			objects = append(objects, s)
		}
	}
	for _, o := range objects {
		o.SetNamespace(r.namespace)
		if err := r.bed.Client.Delete(ctx, o); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	for _, o := range objects {
		for {
			err := r.bed.Client.Get(ctx, client.ObjectKeyFromObject(o), o)
			if apierrors.IsNotFound(err) {
				break
			}
			if err == nil {
				err = pause(ctx, lookAgain)
			}
			if err != nil {
				return fmt.Errorf("%T %s does not go: %w", o, o.GetName(), err)
			}
		}
	}
	return nil
}

func named(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Name: name} }

// mute takes connections and says nothing.
type mute struct {
	address  string
	listener net.Listener
	running  sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
}

func listenMutely() (*mute, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &mute{address: l.Addr().String(), listener: l}
	m.running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed
			}
			m.mu.Lock()
			m.conns = append(m.conns, c)
			m.mu.Unlock()
		}
	})
	return m, nil
}

func (m *mute) close() {
	_ = m.listener.Close() // it was only listened on
	m.running.Wait()
	for _, c := range m.conns {
		_ = c.Close() // nothing was said
	}
}
