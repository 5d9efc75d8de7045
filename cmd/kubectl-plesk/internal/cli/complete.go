// Completion: what the shell offers for arguments. It asks the cluster, and says nothing where that fails.

package cli

import (
	"strings"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
)

// completeObjects offers kinds, then KIND/NAME of those that fit.
func (e *env) completeObjects(fits func(fleet.Object) bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		scheme, err := newScheme()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		word, _, slash := strings.Cut(begun, "/")
		if !slash {
			var kinds []string
			for _, kind := range kindNames(scheme) {
				short := strings.TrimPrefix(strings.ToLower(kind), "plesk")
				for _, name := range []string{short, strings.ToLower(kind)} {
					if strings.HasPrefix(name, strings.ToLower(begun)) {
						kinds = append(kinds, name+"/")
						break
					}
				}
			}
			return kinds, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
		}
		a, err := e.access()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		kind, err := a.kindOf(word)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		objects, _, err := a.list(cmd.Context(), []string{kind}, a.namespace, labels.Everything())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var out []string
		for _, o := range objects {
			if name := word + "/" + o.Name; strings.HasPrefix(name, begun) && (fits == nil || fits(o)) {
				out = append(out, name)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

func (e *env) completeNamespace(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	a, err := e.access()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	list := &corev1.NamespaceList{}
	if err := a.List(cmd.Context(), list); err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, n := range list.Items {
		if strings.HasPrefix(n.Name, begun) {
			out = append(out, n.Name)
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
