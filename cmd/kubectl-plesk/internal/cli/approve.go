// kubectl plesk approve and reject: what becomes of plans.

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

func newApprove(e *env) *cobra.Command {
	var s selection
	var yes bool
	var token, permit string
	cmd := &cobra.Command{
		Use:   "approve KIND/NAME …",
		Short: "Approve open plans, after showing them",
		Long: `Approve what "kubectl plesk plan" shows: makes a PleskApproval with the plan's token, which stands for exactly what was shown and is good
once. Each plan is shown and asked about; if it has changed meanwhile, it is shown and asked about again. With --yes nothing is asked, and a
plan that changes meanwhile is not approved.

Plans alone are approved: what loses data (DataLoss) or makes something anew, empty (Recreate) has to be named by --permit.`,
		Example: `  kubectl plesk approve subscription/acme
  kubectl plesk approve subscription/acme --only 5d1f0c… --yes
  kubectl plesk approve --on web-01 -l team=web`,
		ValidArgsFunction: e.completeObjects(isOpen),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := e.access()
			if err != nil {
				return err
			}
			if !slices.Contains(permits, permit) {
				return fmt.Errorf("--permit %q: want Plan, DataLoss or Recreate", permit)
			}
			if token != "" && len(args) == 0 {
				return errors.New("--only is one plan's: name its object")
			}
			objects, err := s.read(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			found, done := 0, outcomes{env: e}
			for _, o := range objects {
				p, ok := fleet.PlanOf(o)
				if !ok || p.Permit != v1alpha1.Permit(permit) {
					if len(args) > 0 {
						return done.end(fmt.Errorf("%s: %s", o.Ref, notOpen(p, ok, permit)))
					}
					continue
				}
				if p.Rejected != "" && len(args) == 0 {
					continue
				}
				found++
				if err := e.approve(cmd.Context(), a, p, token, yes, &done); err != nil {
					return done.end(err)
				}
			}
			if found == 0 {
				fmt.Fprintf(e.ErrOut, "Nothing of what is selected waits for an approval with permit %s.\n", permit)
			}
			return done.end(nil)
		},
	}
	s.addFlags(cmd, e)
	cmd.Flags().BoolVar(&s.all, "all", false, "all open plans of the namespace")
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.Flags().StringVar(&token, "only", "", "approve only the plan with this token")
	cmd.Flags().StringVar(&permit, "permit", string(v1alpha1.PermitPlan), "what is permitted: Plan, DataLoss or Recreate")
	complete := cobra.FixedCompletions(permits, cobra.ShellCompDirectiveNoFileComp)
	if err := cmd.RegisterFlagCompletionFunc("permit", complete); err != nil {
		panic(err) // the flag is that of above
	}
	return cmd
}

// permits are what an approval can be for.
var permits = []string{string(v1alpha1.PermitPlan), string(v1alpha1.PermitDataLoss), string(v1alpha1.PermitRecreate)}

func notOpen(p fleet.Plan, open bool, permit string) string {
	if !open {
		return "nothing waits for an approval"
	}
	return fmt.Sprintf("it waits for permit %s, not %s (--permit)", p.Permit, permit)
}

// approve shows a plan, asks, looks whether it is still the same, and permits it.
func (e *env) approve(ctx context.Context, a *access, p fleet.Plan, token string, yes bool, done *outcomes) error {
	if token != "" && token != p.Token {
		e.writePlan(e.ErrOut, p, e.clock.Now())
		return fmt.Errorf("%s: its plan has another token than --only, and is shown above: nothing was approved", p.Ref)
	}
	for {
		e.writePlan(e.ErrOut, p, e.clock.Now())
		ok, err := e.confirm(fmt.Sprintf("Approve this for %s?", p.Ref), yes)
		if err != nil {
			return err
		}
		if !ok {
			done.decline(fmt.Sprintf("%s was not approved.", p.Ref))
			return nil
		}
		o, err := a.get(ctx, p.Ref)
		if err != nil {
			return err
		}
		now, open := fleet.PlanOf(o)
		switch {
		case !open:
			return fmt.Errorf("%s: its plan is not open any more", p.Ref)
		case now.Token == p.Token && now.Rejected != p.Rejected && now.Rejected != "":
			return fmt.Errorf("%s: its plan was rejected meanwhile (%s): nothing was approved", p.Ref, now.Rejected)
		case now.Token == p.Token && now.Permit == p.Permit:
			return permit(ctx, a, p, done)
		case yes || token != "":
			e.writePlan(e.ErrOut, now, e.clock.Now())
			return fmt.Errorf("%s: its plan has changed meanwhile, and is shown above: nothing was approved", p.Ref)
		}
		fmt.Fprintln(e.ErrOut, "The plan has changed meanwhile. It is now:")
		p = now
	}
}

// permit makes the approval. Its name follows from the token, so that it is made once.
func permit(ctx context.Context, a *access, p fleet.Plan, done *outcomes) error {
	approval := &v1alpha1.PleskApproval{
		ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: strings.ToLower(string(p.Permit)) + "-" + p.Token},
		Spec:       v1alpha1.PleskApprovalSpec{TargetRef: v1alpha1.ApprovalTarget{Kind: p.Kind, Name: p.Name}, Permit: p.Permit, Token: p.Token},
	}
	err := a.Create(ctx, approval)
	if apierrors.IsAlreadyExists(err) {
		done.add(p.Ref, "was approved before (PleskApproval/"+approval.Name+")")
		return nil
	}
	if err != nil {
		return explain(err, "create", a.resource("PleskApproval"), p.Namespace)
	}
	done.add(p.Ref, "approved (PleskApproval/"+approval.Name+")")
	return nil
}

func newReject(e *env) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "reject KIND/NAME …",
		Short: "Reject open plans, with a reason",
		Long: `Reject what "kubectl plesk plan" shows: takes back approvals of the plan that have not been used, and notes on the object (annotation
` + fleet.AnnotationRejected + `) who has rejected the plan, and why. The plan is not shown any more and not approved with others; naming it still
approves it. A later plan is another one. The operator does not read the note: change the spec to be rid of the plan.`,
		Example:           `  kubectl plesk reject subscription/acme --reason "the customer has not signed yet"`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: e.completeObjects(isOpen),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := e.access()
			if err != nil {
				return err
			}
			who, err := a.whoAmI(cmd.Context())
			if err != nil {
				return err
			}
			objects, err := (&selection{}).read(cmd.Context(), a, args)
			if err != nil {
				return err
			}
			done := outcomes{env: e}
			for _, o := range objects {
				if err := reject(cmd.Context(), a, o, who, reason, &done); err != nil {
					return done.end(err)
				}
			}
			return done.end(nil)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, for those who asked for it")
	if err := cmd.MarkFlagRequired("reason"); err != nil {
		panic(err) // the flag is that of above
	}
	return cmd
}

func reject(ctx context.Context, a *access, o fleet.Object, who, reason string, done *outcomes) error {
	p, ok := fleet.PlanOf(o)
	if !ok {
		return fmt.Errorf("%s: nothing waits for an approval", o.Ref)
	}
	approvals := &v1alpha1.PleskApprovalList{}
	if err := a.List(ctx, approvals, client.InNamespace(o.GetNamespace())); err != nil {
		return explain(err, "list", a.resource("PleskApproval"), o.GetNamespace())
	}
	for _, given := range approvals.Items {
		if given.Spec.Token == p.Token && given.Status.UsedAt == nil {
			if err := client.IgnoreNotFound(a.Delete(ctx, &given, client.Preconditions{ResourceVersion: &given.ResourceVersion})); err != nil {
				return explain(err, "delete", a.resource("PleskApproval"), o.GetNamespace())
			}
			done.add(fleet.Ref{Kind: "PleskApproval", Namespace: given.Namespace, Name: given.Name}, "taken back")
		}
	}
	if err := a.annotate(ctx, o, fleet.AnnotationRejected, fmt.Sprintf("%s %s: %s", p.Token, who, reason)); err != nil {
		return err
	}
	done.add(o.Ref, "rejected")
	return nil
}
