package main

import (
	"context"
	"strconv"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

const finalizer = "library.test/note"

// reconciler keeps a Deployment for each shelf, and leaves a note when a shelf is deleted.
type reconciler struct {
	client.Client
	events record.EventRecorder
}

func setUp(manager ctrl.Manager) error {
	return ctrl.NewControllerManagedBy(manager).For(&Shelf{}).Owns(&appsv1.Deployment{}).
		Complete(&reconciler{Client: manager.GetClient(), events: manager.GetEventRecorderFor("shelves")})
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	shelf := &Shelf{}
	if err := r.Get(ctx, request.NamespacedName, shelf); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !shelf.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, r.close(ctx, shelf)
	}
	if controllerutil.AddFinalizer(shelf, finalizer) {
		return ctrl.Result{}, r.Update(ctx, shelf)
	}
	wanted := deployment(shelf)
	if _, err := controllerutil.CreateOrUpdate(ctx, r.Client, wanted, func() error {
		wanted.Spec.Replicas = &shelf.Spec.Books
		return controllerutil.SetControllerReference(shelf, wanted, r.Scheme())
	}); err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{}, r.report(ctx, shelf, wanted)
}

// report writes the status. Its Deployment's pods need not run.
func (r *reconciler) report(ctx context.Context, shelf *Shelf, found *appsv1.Deployment) error {
	filled := found.Status.ObservedGeneration == found.Generation && found.Status.Replicas == shelf.Spec.Books
	condition := metav1.Condition{Type: "Filled", Status: metav1.ConditionFalse, Reason: "Waiting", Message: "books are on their way", ObservedGeneration: shelf.Generation}
	if filled {
		condition.Status, condition.Reason, condition.Message = metav1.ConditionTrue, "Filled", "all books are there"
	}
	changed := meta.SetStatusCondition(&shelf.Status.Conditions, condition)
	if !changed && shelf.Status.Books == found.Status.Replicas {
		return nil
	}
	shelf.Status.Books = found.Status.Replicas
	if err := r.Status().Update(ctx, shelf); err != nil {
		return err
	}
	if changed && filled {
		r.events.Event(shelf, corev1.EventTypeNormal, "Filled", "all books are there")
	}
	return nil
}

func (r *reconciler) close(ctx context.Context, shelf *Shelf) error {
	note := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: shelf.Name + "-closed", Namespace: shelf.Namespace}}
	if _, err := controllerutil.CreateOrUpdate(ctx, r.Client, note, func() error {
		note.Data = map[string]string{"books": strconv.Itoa(int(shelf.Spec.Books))}
		return nil
	}); err != nil {
		return err
	}
	if controllerutil.RemoveFinalizer(shelf, finalizer) {
		return client.IgnoreNotFound(r.Update(ctx, shelf))
	}
	return nil
}

func deployment(shelf *Shelf) *appsv1.Deployment {
	labels := map[string]string{"shelf": shelf.Name}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: shelf.Name, Namespace: shelf.Namespace},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "book", Image: "library.test/book"}}},
			},
		},
	}
}
