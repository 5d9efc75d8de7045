// PleskFTPUser: an additional FTP account of a subscription.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// FTPUserQuota bounds what an FTP account may store: bytes, a size such as 1Gi, or "unlimited".
// +kubebuilder:validation:Type=""
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:MaxLength=32
// +kubebuilder:validation:XValidation:rule="type(self) == int ? self > 0 : self.matches('^(unlimited|[0-9]+([.][0-9]+)?(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$') && self.matches('^(unlimited|.*[1-9].*)$')",message="must be positive: write bytes, a size such as 10G or 10Gi (without a B), or unlimited; -1 is written unlimited"
type FTPUserQuota struct {
	LimitValue `json:"-"`
}

// PleskFTPUserSpec describes an additional FTP account. A field that is not set is not managed.
// +kubebuilder:validation:XValidation:rule="!has(self.createHomeDirectory) || has(self.homeDirectory)",message="createHomeDirectory makes the homeDirectory: set that, too",fieldPath=".createHomeDirectory"
// +kubebuilder:validation:XValidation:rule="!has(self.connectionSecretRef) || !has(self.password) || self.connectionSecretRef.name != self.password.secretRef.name",message="the connection needs a Secret of its own",fieldPath=".connectionSecretRef"
type PleskFTPUserSpec struct {
	CommonSpec `json:",inline"`

	// subscriptionRef names the subscription whose files the account reaches. Immutable. Wire: webspace-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="subscriptionRef is immutable: the protocol cannot move an account to another subscription"
	SubscriptionRef ObjectReference `json:"subscriptionRef"`

	// login of the account: a lower-case letter, then lower-case letters, digits, - and _; unique on the whole server, also among the system
	// users of subscriptions. Many servers take 16 characters, newer ones up to 32. A changed login renames the account. Wire: name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^[a-z][a-z0-9_-]*$`
	Login string `json:"login"`

	// password of the account. It is needed to create the account, not to manage one that exists, and written again only when it changes
	// in the Secret. Blanks at its ends or in a row would not survive the protocol. Wire: password.
	// +optional
	Password *SecretValue `json:"password,omitempty"`

	// homeDirectory is where the account begins and what it cannot leave: a path from the subscription's home, e.g. /httpdocs/pub; / is that
	// home itself. It has to exist, unless createHomeDirectory is true. Unset: not managed; a new account has the subscription's home. Wire: home.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^/[^\\\x00-\x1f]*$`
	// +kubebuilder:validation:XValidation:rule="!self.split('/').exists(s, s == '..')",message="a home directory cannot lead out of the subscription's"
	HomeDirectory *string `json:"homeDirectory,omitempty"`

	// createHomeDirectory has the server make homeDirectory where it is missing, whenever that is written: when the account is created, and when
	// the path changes. Servers refuse to make one directly below the subscription's home. It says nothing about the account itself, and is not
	// compared. Unset: false. Wire: create-non-existent.
	// +optional
	CreateHomeDirectory *bool `json:"createHomeDirectory,omitempty"`

	// quota on the disk space that the account may fill, a hard one: a size such as 1Gi, or "unlimited". Unset: not managed; a new account
	// has "unlimited". Privileged: not for tenants. Wire: quota, in bytes.
	// +optional
	Quota *FTPUserQuota `json:"quota,omitempty"`

	// permissions are what the account may do in its home directory. They take effect on Windows servers alone. Unset: not managed.
	// +optional
	Permissions *FTPUserPermissions `json:"permissions,omitempty"`

	// connectionSecretRef names the Secret that the operator makes with what an FTP client needs: host (the subscription's domain), username
	// and, where the spec has one, password. It goes with this resource, unless the account stays. Unset: none is written.
	// +optional
	ConnectionSecretRef *SecretReference `json:"connectionSecretRef,omitempty"`
}

// FTPUserPermissions are what an FTP account may do. What is not set is not managed; a new account of a Windows server has neither.
type FTPUserPermissions struct {
	// read lets the account see and fetch files. Unset: not managed. Wire: permissions/read.
	// +optional
	Read *bool `json:"read,omitempty"`

	// write lets the account store, change and remove files. Unset: not managed. Wire: permissions/write.
	// +optional
	Write *bool `json:"write,omitempty"`
}

// PleskFTPUserStatus is what was found on the server.
type PleskFTPUserStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the account.
	// +optional
	Observed *ObservedFTPUser `json:"observed,omitempty"`
}

// ObservedFTPUser is what the server shows of an FTP account.
type ObservedFTPUser struct {
	// subscription is the domain name of the account's subscription.
	// +optional
	Subscription string `json:"subscription,omitempty"`
	// homeDirectory is where the account begins, from the subscription's home; / is that home itself.
	// +optional
	HomeDirectory string `json:"homeDirectory,omitempty"`
	// quota in bytes, or "unlimited"; empty where the server does not tell it.
	// +optional
	Quota string `json:"quota,omitempty"`
	// permissions as the server tells them, which take effect on Windows servers alone.
	// +optional
	Permissions *FTPUserPermissions `json:"permissions,omitempty"`
}

// PleskFTPUser is an additional FTP account of a subscription, with a Secret that says how to connect. Its natural key is subscription and login. The
// FTP account that every subscription has, its system user's, is the PleskSubscription's (hosting.virtualHost.systemUser). The files that an
// account reaches are the subscription's: they stay when the account goes.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plftp
// +kubebuilder:printcolumn:name="Login",type=string,JSONPath=`.spec.login`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Subscription",type=string,priority=1,JSONPath=`.status.observed.subscription`
// +kubebuilder:printcolumn:name="Home",type=string,priority=1,JSONPath=`.status.observed.homeDirectory`
// +kubebuilder:printcolumn:name="Quota",type=string,priority=1,JSONPath=`.status.observed.quota`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskFTPUser struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the account.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.subscriptionRef.name)",message="serverRef is required unless subscriptionRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskFTPUserSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskFTPUserStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskFTPUser) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskFTPUser) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskFTPUserList is a list of PleskFTPUser.
// +kubebuilder:object:root=true
type PleskFTPUserList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskFTPUser `json:"items"`
}
