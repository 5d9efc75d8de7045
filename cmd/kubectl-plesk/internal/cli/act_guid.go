// kubectl plesk act reset-guid: another GUID for an object that is known by its mark as well.

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/export"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func newActResetGUID(e *env) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "reset-guid KIND/NAME",
		Short: "Give a customer, a reseller or a subscription another GUID",
		Long: `Have the server give a customer, a reseller or a subscription another GUID, e.g. because a copy of the object elsewhere has the same. Programs that
know it by the old GUID do not find it any more. The operator does: by its id or its name, and by its mark, the external id.

Nothing is done where it would not: to an object without this resource's mark, to sites and subdomains, which keep none, and where something else is
told by the GUID: a PleskServer with the credentials of a reseller or a customer, what names the object by its name on the server, and what lies in a
subscription and has no GUID of its own (mail accounts, databases, zones). So all of the operator's resources are listed, which you have to be allowed
to in all namespaces.`,
		Example:           "  kubectl plesk act reset-guid customer/acme",
		Args:              cobra.RangeArgs(1, 2),
		ValidArgsFunction: e.completeObjects(func(o fleet.Object) bool { return resettable(o) == nil }),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, o, err := e.named(cmd.Context(), args)
			if err != nil {
				return err
			}
			if err := resettable(o); err != nil {
				return err
			}
			return e.act(cmd.Context(), a, o, yes, func(u *upstream) (plannedAct, error) { return resetGUID(cmd.Context(), a, u, o) })
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

// resettable is an error unless the protocol resets the GUIDs of a kind (protocol-core §5), and the operator knows its objects by their marks.
func resettable(o fleet.Object) error {
	if o.GetDeletionTimestamp() != nil {
		return fmt.Errorf("%s: it is being deleted: nothing is done", o.Ref)
	}
	switch o.Object.(type) {
	case *v1alpha1.PleskCustomer, *v1alpha1.PleskReseller, *v1alpha1.PleskSubscription:
		return nil
	case *v1alpha1.PleskSite, *v1alpha1.PleskSubdomain:
		return fmt.Errorf("%s: it bears no mark once it is made, so with another GUID the operator would not know it again: nothing is done", o.Ref)
	}
	return fmt.Errorf("%s: the GUIDs of customers, resellers and subscriptions can be reset, and no others", o.Ref)
}

func resetGUID(ctx context.Context, a *access, u *upstream, o fleet.Object) (plannedAct, error) {
	is, what, err := u.verifyMarked(ctx, o)
	if err != nil {
		return plannedAct{}, err
	}
	st, err := recorded(o)
	if err != nil {
		return plannedAct{}, err
	}
	if err := a.knownByName(ctx, o, st.GUID); err != nil {
		return plannedAct{}, err
	}
	return plannedAct{
		action: "ResetGUID",
		what: fmt.Sprintf("Give the %s %q on %s another GUID than %s; the operator will know it by its id %s and its mark",
			what, is.name, u.server.Name, st.GUID, st.ID),
		do: func(ctx context.Context) (string, error) {
			if err := u.writeGUID(ctx, o, st.GUID); err != nil {
				return "", err
			}
			now, err := u.guidOf(ctx, o, st.ID)
			if err != nil {
				return "", fmt.Errorf("the server has taken it, and does not say the new GUID: %w", err)
			}
			if now == "" || now == st.GUID {
				return "", fmt.Errorf("%s: the server has taken it, and shows the GUID %s still", o.Ref, st.GUID)
			}
			said := fmt.Sprintf("has GUID %s, which the operator records in its next pass (kubectl plesk reconcile)", now)
			if o.GetAnnotations()[export.AnnotationID] != "" {
				said += fmt.Sprintf("; put it into the annotation %s of its manifest, too, by which exports know that", export.AnnotationID)
			}
			return said, nil
		},
	}, nil
}

// verifyMarked looks an object up on the server, which has to bear the resource's mark.
func (u *upstream) verifyMarked(ctx context.Context, o fleet.Object) (is shownObject, what string, err error) {
	switch o.Object.(type) {
	case *v1alpha1.PleskCustomer:
		what = "customer"
		is, err = u.verifyAccount(ctx, o)
	case *v1alpha1.PleskReseller:
		what = "reseller"
		is, err = u.verifyAccount(ctx, o)
	default:
		what = "subscription"
		is, err = u.verifySubscription(ctx, o)
	}
	if err == nil && !engine.IsMarkOf(o.GetUID(), is.mark) {
		err = fmt.Errorf("%s: its external id on the server is %q and not this resource's mark, so with another GUID the operator would not know it again: nothing is done", o.Ref, is.mark)
	}
	return is, what, err
}

// knownByName is an error if anything in the cluster is told by the GUID of an object, and would not find it under another one.
func (a *access) knownByName(ctx context.Context, of fleet.Object, guid string) error {
	set, lacking, err := a.set(ctx, "")
	if err != nil {
		return err
	}
	if len(lacking) > 0 {
		return errors.New(strings.Join(append(lacking, "what knows the object by its GUID is not known then: nothing is done"), "\n"))
	}
	var lost []string
	for _, o := range set.All() {
		if toldBy(o, of, guid) {
			lost = append(lost, fmt.Sprintf("%s in %s", o.Ref, o.GetNamespace()))
		}
	}
	if len(lost) == 0 {
		return nil
	}
	slices.Sort(lost)
	return fmt.Errorf("%s: the GUID is what %s would not find its object, or its server, without: nothing is done", of.Ref, strings.Join(lost, ", "))
}

// toldBy reports whether an object would be lost with the GUID of another one. What has a GUID of its own, and a reference to a resource, follows
// that; what has none is told by the GUID of what it lies in.
func toldBy(o, of fleet.Object, guid string) bool {
	if o.Ref == of.Ref {
		return false
	}
	switch o := o.Object.(type) {
	case *v1alpha1.PleskServer:
		return o.Status.GUID == guid || len(o.Status.Subscriptions) == 1 && o.Status.Subscriptions[0] == guid
	case v1alpha1.Object:
		s := o.State()
		if s.GUID == guid || s.Within != nil && s.Within.GUID == guid {
			return true
		}
		return s.Parent != nil && (s.Parent.GUID == guid || s.Parent.Around == guid) && (s.GUID == "" || s.Parent.Reference == "")
	}
	return false
}

// writeGUID has the server make another GUID for the object that has one: an empty element asks for it.
func (u *upstream) writeGUID(ctx context.Context, o fleet.Object, guid string) error {
	var err error
	switch o.Object.(type) {
	case *v1alpha1.PleskCustomer:
		_, err = customer.Set.One(ctx, u, customer.SetRequest{
			Filter: customer.ByGUID(guid), Values: customer.SetValues{GenInfo: &customer.SetGenInfo{GUID: &xmlapi.Empty{}}},
		})
	case *v1alpha1.PleskReseller:
		_, err = reseller.Set.One(ctx, u, reseller.SetRequest{
			Filter: reseller.ByGUID(guid), Values: reseller.SetValues{GenInfo: &reseller.SetGenInfo{SetGenInfo: customer.SetGenInfo{GUID: &xmlapi.Empty{}}}},
		})
	case *v1alpha1.PleskSubscription:
		_, err = webspace.Set.One(ctx, u, webspace.SetRequest{
			Filter: webspace.ByGUID(guid), Values: webspace.SetValues{GenSetup: &webspace.SetGenSetup{GUID: &xmlapi.Empty{}}},
		})
	default:
		err = resettable(o)
	}
	return err
}

// guidOf is the GUID that the object with an id has, "" where the server shows none.
func (u *upstream) guidOf(ctx context.Context, o fleet.Object, recorded string) (string, error) {
	id, err := strconv.ParseInt(recorded, 10, 64)
	if err != nil {
		return "", err
	}
	switch o.Object.(type) {
	case *v1alpha1.PleskCustomer:
		r, err := customer.Get.One(ctx, u, customer.GetRequest{Filter: customer.ByID(id).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
		if err != nil || r.Data == nil || r.Data.GenInfo == nil {
			return "", err
		}
		return r.Data.GenInfo.GUID, nil
	case *v1alpha1.PleskReseller:
		r, err := reseller.Get.One(ctx, u, reseller.GetRequest{Filter: reseller.ByID(id).Query(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
		if err != nil || r.Data == nil || r.Data.GenInfo == nil {
			return "", err
		}
		return r.Data.GenInfo.GUID, nil
	default:
		r, err := webspace.Get.One(ctx, u, webspace.GetRequest{Filter: webspace.ByID(id).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
		if err != nil || r.Data == nil || r.Data.GenInfo == nil {
			return "", err
		}
		return r.Data.GenInfo.GUID, nil
	}
}
