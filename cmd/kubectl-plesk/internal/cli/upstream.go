// Talking to a Plesk server: with the credentials of its Secret, which the user has to be allowed to read, and with an event that says who did what.

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// upstream is a Plesk server, for as long as one command runs. Every answer comes from the Plesk that the operator knows, or is an error.
type upstream struct {
	*session.Witness
	server  *v1alpha1.PleskServer
	session *session.Session
}

// dial connects to the server that an object is on. Nothing is sent yet.
func (e *env) dial(ctx context.Context, a *access, o fleet.Object) (*upstream, error) {
	of, err := a.serverOf(ctx, o)
	if err != nil {
		return nil, err
	}
	found, err := a.get(ctx, of)
	if err != nil {
		return nil, err
	}
	srv := found.Object.(*v1alpha1.PleskServer)
	if srv.Status.GUID == "" {
		return nil, fmt.Errorf("the operator has not reached %s yet, so nobody knows which Plesk should answer: nothing is sent", of)
	}
	reach, err := e.reach()
	if err != nil {
		return nil, err
	}
	s, err := engine.DialToAct(ctx, a, srv, reach, "kubectl-plesk/"+e.version)
	if err != nil {
		return nil, explain(err, "get", "secrets", srv.Namespace)
	}
	for _, weak := range s.Weaknesses {
		fmt.Fprintf(e.ErrOut, "warning: %s\n", weak)
	}
	var guids []string
	if t, ok := o.Object.(v1alpha1.Object); ok {
		guids = append(guids, t.State().ServerGUID)
	}
	return &upstream{Witness: engine.WitnessOf(s, srv, session.Foreground, guids...), server: srv, session: s}, nil
}

// serverOf finds the server of an object, over what it lies in.
func (a *access) serverOf(ctx context.Context, o fleet.Object) (fleet.Ref, error) {
	if of, ok := fleet.NewSet([]fleet.Object{o}, a.uses).Server(o); ok {
		return of, nil
	}
	set, _, err := a.set(ctx, o.GetNamespace())
	if err != nil {
		return fleet.Ref{}, err
	}
	if of, ok := set.Server(o); ok {
		return of, nil
	}
	return fleet.Ref{}, fmt.Errorf("%s: nobody knows which server it is on: what it lies in does not exist", o.Ref)
}

// close ends the connection.
func (u *upstream) close() { u.session.Client.Close() }

// fit makes an error of the server fit to be shown.
func (u *upstream) fit(err error, secrets ...xmlapi.Secret) error {
	if err == nil {
		return nil
	}
	err = withHint(err)
	return errors.New(session.Fit(err.Error(), append(u.session.Secrets(), secrets...)...))
}

// recorded is what an object is known by on its server. Without it, nothing is done to what merely has its name.
func recorded(o fleet.Object) (*v1alpha1.CommonStatus, error) {
	t, ok := o.Object.(v1alpha1.Object)
	if !ok || t.State().ID == "" || t.State().GUID == "" || t.State().Key == "" {
		return nil, fmt.Errorf("%s: it is not on its server yet, or not managed (see kubectl plesk why): nothing is done to what may only have its name", o.Ref)
	}
	return t.State(), nil
}

// same is an error unless what the server shows is what the resource has recorded: by its GUID it was asked for, id and name have to agree.
func same(o fleet.Object, st *v1alpha1.CommonStatus, id int64, name string) error {
	if strconv.FormatInt(id, 10) != st.ID || name != st.Key {
		return fmt.Errorf("%s: the server has %q (id %d) under its GUID, and %q (id %s) is recorded: nothing is done", o.Ref, name, id, st.Key, st.ID)
	}
	return nil
}

// shownObject is what a server shows of an object.
type shownObject struct{ name, mark string }

// verifyAccount looks a customer or reseller up on the server.
func (u *upstream) verifyAccount(ctx context.Context, o fleet.Object) (shownObject, error) {
	st, err := recorded(o)
	if err != nil {
		return shownObject{}, err
	}
	var id int64
	var is shownObject
	switch o.Object.(type) {
	case *v1alpha1.PleskCustomer:
		r, err := customer.Get.One(ctx, u, customer.GetRequest{Filter: customer.ByGUID(st.GUID).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
		if err != nil {
			return is, u.fit(err)
		}
		if r.Data != nil && r.Data.GenInfo != nil {
			id, is = r.ID, shownObject{r.Data.GenInfo.Login, r.Data.GenInfo.ExternalID}
		}
	case *v1alpha1.PleskReseller:
		r, err := reseller.Get.One(ctx, u, reseller.GetRequest{Filter: reseller.ByGUID(st.GUID).Query(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
		if err != nil {
			return is, u.fit(err)
		}
		if r.Data != nil && r.Data.GenInfo != nil {
			id, is = r.ID, shownObject{r.Data.GenInfo.Login, r.Data.GenInfo.ExternalID}
		}
	default:
		return is, fmt.Errorf("%s: only servers, resellers and customers have a login to the panel", o.Ref)
	}
	return is, same(o, st, id, target.LoginKey(is.name))
}

// verifySubscription looks a subscription up on the server.
func (u *upstream) verifySubscription(ctx context.Context, o fleet.Object) (shownObject, error) {
	st, err := recorded(o)
	if err != nil {
		return shownObject{}, err
	}
	r, err := webspace.Get.One(ctx, u, webspace.GetRequest{Filter: webspace.ByGUID(st.GUID).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	if err != nil {
		return shownObject{}, u.fit(err)
	}
	if r.Data == nil || r.Data.GenInfo == nil {
		return shownObject{}, fmt.Errorf("%s: the server shows nothing of it", o.Ref)
	}
	// The recorded key is in the form in which the server takes two spellings for the same.
	name := r.Data.GenInfo.ASCIIName
	if name == "" {
		name = r.Data.GenInfo.Name
	}
	return shownObject{r.Data.GenInfo.Name, r.Data.GenInfo.ExternalID}, same(o, st, r.ID, name)
}

// record makes an event of what is about to be done, and by whom. Whoever may not do so may not act: nothing goes unrecorded.
func (e *env) record(ctx context.Context, a *access, o fleet.Object, reason, action, note string) error {
	who, err := a.whoAmI(ctx)
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "unknown"
	}
	now := e.now()
	event := &eventsv1.Event{
		ObjectMeta: metav1.ObjectMeta{Namespace: o.GetNamespace(), GenerateName: "kubectl-plesk-"},
		EventTime:  metav1.NewMicroTime(now.Time),
		Regarding: corev1.ObjectReference{
			APIVersion: v1alpha1.GroupVersion.String(), Kind: o.Kind, Namespace: o.GetNamespace(), Name: o.GetName(), UID: o.GetUID(), ResourceVersion: o.GetResourceVersion(),
		},
		ReportingController: "plesk-operator.dev/kubectl-plesk", ReportingInstance: host,
		Type: corev1.EventTypeNormal, Reason: reason, Action: action, Note: fmt.Sprintf("%s, asked for by %s", cut(note, 150), cut(who, 90)), // 1024 bytes at most
	}
	err = a.Create(ctx, event)
	if apierrors.IsForbidden(err) {
		return fmt.Errorf("%w, and what is done to a server is recorded there", explain(err, "create", "events.events.k8s.io", o.GetNamespace()))
	}
	return err
}
