/**
 * Where a camera stands on an arm or before it, and what the arm's joints read wrong.
 *
 * <pre>
 *                    mount          camera          holder         between mount and holder
 *   eye in hand      tool           on the tool     base           the arm, backwards
 *   eye to hand      base           beside the arm  tool           the arm
 *
 *   mountFromHolder . holderFromBoard = mountFromCamera . cameraFromBoard        for each capture
 * </pre>
 *
 * Both mountings are one problem in these words. {@link dev.forearm.calibration.handeye.ClosedForm}
 * solves it from pose pairs by five published methods, which shows by their spread how good the
 * data is; {@link dev.forearm.calibration.handeye.BundleAdjustment} then weighs every corner and
 * every joint by its own noise. {@link dev.forearm.calibration.handeye.HandEyeCalibration} is all
 * of it, with what is refused. {@link dev.forearm.calibration.handeye.MotionSpread} says which
 * turns are missing, {@link dev.forearm.calibration.handeye.PoseProposals} where an arm should
 * stand for them. One thread.
 */
@NullMarked
package dev.forearm.calibration.handeye;

import org.jspecify.annotations.NullMarked;
